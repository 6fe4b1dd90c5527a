//! The ways in which the page is looked at.

/// One way.
pub struct Look {
    /// `nb` or `en`.
    pub language: &'static str,
    pub dark: bool,
    /// Of the screen, in CSS pixels.
    pub width: u32,
}

impl Look {
    /// Its name in messages and file names.
    pub fn name(&self) -> String {
        let Self { language, dark, width } = self;
        format!("{language}-{}-{width}", if *dark { "dark" } else { "light" })
    }

    /// Of the screen: a phone is higher than wide.
    pub fn height(&self) -> u32 {
        if self.width < 500 { 780 } else { 900 }
    }
}

/// Both languages, light and dark, on a phone, a tablet and a desk.
pub fn looks() -> impl Iterator<Item = Look> {
    let languages = ["nb", "en"].into_iter();
    languages.flat_map(|language| {
        let themes = [false, true].into_iter();
        themes.flat_map(move |dark| {
            [360, 800, 1280].into_iter().map(move |width| Look { language, dark, width })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_look_has_the_name_of_another() {
        let mut names: Vec<_> = looks().map(|look| look.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 12);
    }
}

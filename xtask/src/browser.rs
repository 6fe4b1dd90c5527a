//! `cargo xtask browser`: the developer's page of a running API, looked at in headless Chromium.
//!
//! It is loaded in both languages, light and dark, on a phone and on a desk. Nothing may be written
//! to the console, nothing asked of another host, nothing wider than the screen. Then it is used:
//! keys, links, the explorer, and the same person looked up with both rights packages. What it
//! looked like stays in `.local/browser`.

mod looks;
mod session;
mod webdriver;

use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use nix::sys::signal::Signal;
use serde_json::json;

use crate::checkout::Checkout;
use crate::demo::setting;
use crate::instance::Instance;
use crate::postgres::free_ports;
use crate::process::wait_for;
use crate::progress::step;
use crate::setup;
use looks::{Look, looks};
use session::Session;

/// How long the driver may take to start, and the page to show something.
const LIMIT: Duration = Duration::from_secs(30);

/// Where the page is.
#[derive(Args)]
pub struct Options {
    /// The API's address; that of the running demo when left out.
    #[arg(long)]
    url: Option<String>,
}

/// Looks, and fails with the first thing that is not as it should be.
pub fn run(checkout: &Checkout, options: &Options) -> Result<ExitCode> {
    let url = match &options.url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => setting(checkout, "public_base_url")?,
    };
    let instance = Instance::open(checkout, "browser")?;
    instance.stop_left_over()?;
    setup::install(checkout, setup::BROWSER)?;
    let program = setup::find("chromedriver").context("there is no chromedriver")?;
    let [port] = free_ports::<1>()?;
    let mut command = Command::new(program);
    command.arg(format!("--port={port}"));
    let _driver = instance.start("chromedriver", Signal::SIGTERM, &mut command)?;
    let driver = ([127, 0, 0, 1], port).into();
    wait_for("the start of chromedriver", LIMIT, || Ok(webdriver::is_ready(driver).then_some(())))?;
    let session = Session::open(driver, &url, &instance.dir)?;
    for look in looks() {
        step(&look.name(), || load(&session, &look))?;
    }
    step("keys and switches", || keys_and_switches(&session))?;
    step("the explorer", || explorer(&session))?;
    if session.truth("return document.getElementById('try') !== null")? {
        step("one person with both packages", || both_packages(&session))?;
        step("the same on a phone", || both_packages_on_a_phone(&session))?;
        step("what cannot be looked up", || faults_of_the_form(&session))?;
    }
    println!("{}", instance.dir.display());
    Ok(ExitCode::SUCCESS)
}

/// The page as it comes.
fn load(session: &Session, look: &Look) -> Result<()> {
    session.dress(look)?;
    session.go(&format!("/{}", look.language))?;
    let language = session.text("return document.documentElement.lang")?;
    ensure!(language == look.language, "lang is {language}");
    must_fit(session, look.width)?;
    let brightness = "const [r, g, b] = getComputedStyle(document.body).backgroundColor
        .match(/[\\d.]+/g).map(Number); return Math.round((r + g + b) / 3)";
    let brightness = session.number(brightness)?;
    ensure!((brightness < 128) == look.dark, "the paper's brightness is {brightness}");
    ensure!(
        session.number("return document.querySelectorAll('#parts-table tbody tr').length")? == 35
    );
    // Cells of a row that stands on a phone as a text of its own have the whole width.
    let narrowest = "return Math.min(...[...document.querySelectorAll('#parts-table tbody th')]
        .map(cell => cell.offsetWidth))";
    let narrowest = session.number(narrowest)?;
    ensure!(narrowest > 120, "a name in the table has {narrowest} pixels");
    session.screenshot(&look.name(), None)?;
    session.must_be_quiet()
}

/// A phone would make everything smaller rather than let what is too wide stand out.
fn must_fit(session: &Session, width: u32) -> Result<()> {
    let is = session.number("return document.documentElement.scrollWidth")?;
    ensure!(is <= i64::from(width), "the page is {is} pixels wide, the screen {width}");
    Ok(())
}

/// The keyboard alone, the switches, and what is remembered of them.
fn keys_and_switches(session: &Session) -> Result<()> {
    session.dress(&Look { language: "nb", dark: false, width: 1280 })?;
    session.go("/nb")?;
    session.press("Tab")?;
    let focused = "const it = document.activeElement; const box = it.getBoundingClientRect();
        return it.className === 'skip' && box.left >= 0 && box.top >= 0";
    ensure!(session.truth(focused)?, "the first key does not lead to the skip link");
    session.press("Tab")?;
    let outlined = "return getComputedStyle(document.activeElement).outlineStyle !== 'none'";
    ensure!(session.truth(outlined)?, "what has the focus cannot be seen");
    session.run("document.getElementById('theme').click()", &[])?;
    let dark = "return document.documentElement.dataset.theme === 'dark'";
    ensure!(session.truth(dark)?, "the theme does not switch");
    session.go("/en")?;
    ensure!(session.truth(dark)?, "the theme is not remembered");
    session.go("/nb#events")?;
    session.run("document.getElementById('language').click()", &[])?;
    let english = "return document.documentElement.lang === 'en' && location.hash === '#events'";
    session.wait("the other language", english)?;
    session.run("document.getElementById('language').click()", &[])?;
    let norwegian = "return document.documentElement.lang === 'nb' && location.hash === '#events'";
    session.wait("the first language", norwegian)?;
    // The browser asks for English.
    session.go("/")?;
    let remembered = "return document.documentElement.lang === 'nb'";
    session.wait("the language that was chosen", remembered)?;
    session.run("localStorage.clear()", &[])?;
    let filtered = "const input = document.querySelector('[data-filter=parts-table]');
        input.value = 'kjoenn'; input.dispatchEvent(new Event('input'));
        const rows = [...document.querySelectorAll('#parts-table tbody tr')];
        return rows.filter(row => !row.hidden).length";
    ensure!(session.number(filtered)? == 1, "the table is not filtered");
    session.run("location.hash = '#part-Name'", &[])?;
    let shown = "return !document.getElementById('part-Name').hidden";
    session.wait("the row that a link leads to", shown)?;
    let smooth = "return getComputedStyle(document.documentElement).scrollBehavior";
    ensure!(session.text(smooth)? == "auto", "it moves for those who want no motion");
    session.must_be_quiet()
}

/// Swagger UI with both versions.
fn explorer(session: &Session) -> Result<()> {
    session.go("/swagger")?;
    let operations = "return document.querySelectorAll('.opblock').length >= 12";
    session.wait("the operations", operations)?;
    session.screenshot("explorer", None)?;
    session.run("document.querySelector('.opblock-summary-control').click()", &[])?;
    session.wait("an operation", "return document.querySelector('.opblock.is-open') !== null")?;
    session.must_be_quiet()?;
    session.go("/en")
}

/// Picks a person, looks them up, and gives how many lines only full access sees.
fn look_up(session: &Session, kind: &str) -> Result<i64> {
    session
        .wait("the persons", "return document.querySelectorAll('#try-person option').length > 8")?;
    let pick = "const group = [...document.querySelectorAll('#try-person optgroup')]
          .find(group => group.label === arguments[0]);
        const select = document.getElementById('try-person');
        select.value = group.querySelector('option').value;
        select.dispatchEvent(new Event('change'));
        document.querySelector('[data-choose=all]').click();
        document.getElementById('try-history').checked = true;
        document.getElementById('try-form').requestSubmit();";
    session.run(pick, &[json!(kind)])?;
    session.wait("the answers", "return !document.getElementById('try-result').hidden")?;
    for package in ["full", "restricted"] {
        let status = format!("return document.getElementById('try-{package}').textContent");
        let status = session.text(&status)?;
        ensure!(status.starts_with("200 "), "{package}: {status}");
    }
    let said = session.text("return document.getElementById('try-message').textContent")?;
    ensure!(said.is_empty(), "it says: {said}");
    session.number("return document.querySelectorAll('#try-answers .cell.full').length")
}

fn both_packages(session: &Session) -> Result<()> {
    for (name, dark) in [("try-light", false), ("try-dark", true)] {
        session.dress(&Look { language: "en", dark, width: 1280 })?;
        session.go("/en")?;
        let only_full = look_up(session, "Confidential address")?;
        ensure!(only_full > 5, "only {only_full} lines differ for a person with a secret address");
        let hidden = "return document.getElementById('try-answers').textContent
            .includes('The package is never given this part.')";
        ensure!(session.truth(hidden)?, "nothing is withheld");
        session.screenshot(name, Some("#try"))?;
    }
    session.must_be_quiet()
}

fn both_packages_on_a_phone(session: &Session) -> Result<()> {
    session.dress(&Look { language: "nb", dark: false, width: 360 })?;
    session.go("/nb")?;
    if look_up(session, "Død")? == 0 {
        bail!("nothing differs for a dead person");
    }
    must_fit(session, 360)?;
    session.screenshot("try-phone", Some("#try"))?;
    session.must_be_quiet()
}

/// What the page refuses by itself, and a number that nobody has.
fn faults_of_the_form(session: &Session) -> Result<()> {
    let submit = "document.getElementById('try-number').value = arguments[0];
        document.getElementById('try-form').requestSubmit();";
    session.run(submit, &[json!("123")])?;
    let said = "return document.getElementById('try-message').textContent !== ''";
    session.wait("a word about the number", said)?;
    session.run("document.getElementById('try-result').hidden = true", &[])?;
    // Synthetic: its month is 80 higher.
    session.run(submit, &[json!("01810000100")])?;
    session.wait("the refusals", "return !document.getElementById('try-result').hidden")?;
    let status = session.text("return document.getElementById('try-full').textContent")?;
    ensure!(status.starts_with('4'), "a number that nobody has was answered {status}");
    // The browser itself notes each answer that is an error.
    session.forget_log()
}

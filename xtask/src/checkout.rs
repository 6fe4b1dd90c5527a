//! Where this checkout is, and small things that belong to no one: names, secrets, private files.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The folder with the workspace's Cargo.toml.
#[derive(Clone)]
pub struct Checkout {
    /// Absolute, without symbolic links.
    pub root: PathBuf,
}

impl Checkout {
    /// The checkout that this xtask was built for.
    pub fn find() -> Result<Self> {
        // Cargo tells at run time; what was true at build time serves a binary started by hand.
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest.join("..").canonicalize().context("the checkout is gone")?;
        Ok(Self { root })
    }

    /// Everything that xtask writes inside the checkout; ignored by git.
    pub fn local(&self) -> PathBuf {
        self.root.join(".local")
    }

    /// Sixteen hex digits that name this checkout in folders shared with other checkouts.
    pub fn key(&self) -> String {
        hash(self.root.as_os_str().as_encoded_bytes())
    }
}

/// FNV-1a: the standard library's hashes are not promised to be the same in its next release.
pub fn hash(bytes: &[u8]) -> String {
    let folded = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{folded:016x}")
}

/// Random bytes from the kernel.
pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut bytes))?;
    Ok(bytes)
}

/// As many random bytes, as hex digits.
pub fn random_hex<const N: usize>() -> Result<String> {
    Ok(random::<N>()?.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Whether this process is root, whom Postgres refuses.
pub fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0)
}

/// Writes a file that only its owner reads. A half-written one is never seen under its name.
pub fn write_private(path: &Path, text: &str) -> Result<()> {
    let unfinished = path.with_extension("unfinished");
    let _ = fs::remove_file(&unfinished);
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&unfinished)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .and_then(|()| fs::rename(&unfinished, path))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// Removes a folder with all in it, or the symbolic link that stands in its place.
pub fn remove(path: &Path) -> Result<()> {
    let Ok(found) = fs::symlink_metadata(path) else {
        return Ok(());
    };
    let removed = if found.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    removed.with_context(|| format!("cannot remove {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_the_published_one() {
        assert_eq!(hash(b""), "cbf29ce484222325");
        assert_eq!(hash(b"a"), "af63dc4c8601ec8c");
    }

    #[test]
    fn random_is_as_long_as_asked_and_never_the_same() {
        let (one, other) = (random_hex::<32>().unwrap(), random_hex::<32>().unwrap());
        assert_eq!(one.len(), 64);
        assert_ne!(one, other);
    }
}

//! A private Postgres: a cluster of our own beside whatever else the machine runs, made anew at
//! each start, so that nothing an earlier run left behind can stand in its way.

use std::fs::{self, DirBuilder};
use std::net::TcpListener;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, chown, symlink};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use nix::sys::signal::Signal;

use crate::checkout::{Checkout, is_root, random_hex, remove, write_private};
use crate::instance::{Instance, Service};
use crate::process::{Process, output_of, wait_for};
use crate::setup::find;

/// What the server is called among the processes of an instance.
pub const SERVICE: &str = "postgres";

/// The superuser of the private cluster.
const USER: &str = "persontjenesten";

/// Tries with another port when the chosen one was taken before the server had it.
const TRIES: u32 = 5;

/// No parameter and no row may reach the log: they hold national numbers.
const SETTINGS: &[&str] = &[
    "listen_addresses=127.0.0.1",
    // A path below a long folder name would be too long for a socket; TCP serves everyone.
    "unix_socket_directories=",
    "max_connections=200",
    "log_parameter_max_length=0",
    "log_parameter_max_length_on_error=0",
    "log_error_verbosity=terse",
    "log_min_error_statement=panic",
    "timezone=UTC",
    "lc_messages=C",
];

/// Whether data must survive a crash of the machine.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// As in production: what the demo measures is what one gets.
    Safe,
    /// As [`Self::Safe`] with the memory of a server, and it keeps count of the time that each
    /// statement takes.
    Counted,
    /// Never waits for the disk. Right for tests, whose data nobody needs afterwards; a crash of
    /// Postgres alone (kill -9) still loses nothing.
    Throwaway,
}

impl Durability {
    fn settings(self) -> &'static [&'static str] {
        match self {
            Self::Safe => &["max_wal_size=4GB", "shared_buffers=256MB"],
            Self::Counted => &[
                "max_wal_size=4GB",
                "shared_buffers=2GB",
                "shared_preload_libraries=pg_stat_statements",
            ],
            Self::Throwaway => &["fsync=off", "full_page_writes=off"],
        }
    }
}

/// The newest installation with all the programs that are needed here.
pub fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, bin)| is_whole(bin))
        .collect();
    found.sort();
    found.pop().map(|(_, bin)| bin).or_else(|| {
        let bin = find("postgres")?.canonicalize().ok()?.parent()?.to_owned();
        is_whole(&bin).then_some(bin)
    })
}

fn is_whole(bin: &Path) -> bool {
    ["initdb", "postgres", "psql"].iter().all(|program| bin.join(program).is_file())
}

/// A running server.
pub struct Postgres {
    /// Its process.
    pub service: Service,
    /// Address of the superuser in the database `postgres`, with the password.
    pub url: String,
}

/// Makes a cluster and starts it.
pub fn start(checkout: &Checkout, instance: &Instance, durability: Durability) -> Result<Postgres> {
    let bin = programs().context("PostgreSQL is not installed")?;
    let owner = owner()?;
    let home = empty_home(checkout, instance, owner)?;
    let password = random_hex::<16>()?;
    initialise(&bin, instance, &home, owner, &password)?;
    for _ in 1..TRIES {
        let started = start_once(&bin, instance, &home, owner, durability, &password)?;
        if let Some(postgres) = started {
            return Ok(postgres);
        }
    }
    bail!("Postgres found no free port, see {}", instance.log_of(SERVICE).display())
}

/// Removes the data of a stopped server.
pub fn remove_data(checkout: &Checkout, instance: &Instance) -> Result<()> {
    if is_root() {
        remove(&root_base(checkout).join(instance.name))?;
    }
    remove(&instance.dir.join("postgres"))
}

/// One SQL text, or a file, given to a database; what a query says comes back, bare.
pub fn psql(url: &str, arguments: &[&str]) -> Result<String> {
    let bin = programs().context("PostgreSQL is not installed")?;
    let mut command = Command::new(bin.join("psql"));
    command.args(["--no-psqlrc", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url]);
    output_of(command.args(arguments))
}

/// User and group that the server runs as when this program is root's.
type Owner = Option<(u32, u32)>;

fn owner() -> Result<Owner> {
    if !is_root() {
        return Ok(None);
    }
    let id = |which| -> Result<u32> {
        let number = output_of(Command::new("id").args([which, "postgres"]))
            .context("Postgres refuses to run as root and there is no user postgres")?;
        Ok(number.trim().parse()?)
    };
    Ok(Some((id("-u")?, id("-g")?)))
}

/// User postgres cannot enter a checkout below root's closed home folder, so root's clusters are
/// elsewhere, one folder for each checkout.
fn root_base(checkout: &Checkout) -> PathBuf {
    PathBuf::from(format!("/var/tmp/persontjenesten-{}", checkout.key()))
}

fn empty_home(checkout: &Checkout, instance: &Instance, owner: Owner) -> Result<PathBuf> {
    let link = instance.dir.join("postgres");
    let home = match owner {
        None => link.clone(),
        Some(_) => safe_base(&root_base(checkout))?.join(instance.name),
    };
    stop_stray(&home.join("data"));
    remove(&link)?;
    remove(&home)?;
    DirBuilder::new().mode(0o700).create(&home).context("cannot make the cluster's folder")?;
    if let Some((user, group)) = owner {
        chown(&home, Some(user), Some(group))?;
        symlink(&home, &link)?;
    }
    Ok(home)
}

/// Anyone may write in `/var/tmp`: a folder that another user put there first is refused.
fn safe_base(base: &Path) -> Result<PathBuf> {
    if let Err(error) = DirBuilder::new().mode(0o711).create(base)
        && error.kind() != std::io::ErrorKind::AlreadyExists
    {
        return Err(error).with_context(|| format!("cannot make {}", base.display()));
    }
    let found = fs::symlink_metadata(base)?;
    if !found.is_dir() || found.uid() != 0 || found.permissions().mode() & 0o022 != 0 {
        bail!("{} is not a folder that only root writes: remove it", base.display());
    }
    Ok(base.to_owned())
}

/// Stops a server that still runs in a folder about to be removed: our own record of it may be
/// lost, but it keeps one itself. Its number is believed only if that process says the folder.
fn stop_stray(data: &Path) {
    let Ok(lines) = fs::read_to_string(data.join("postmaster.pid")) else {
        return;
    };
    let Some(pid) = lines.lines().next().and_then(|line| line.trim().parse().ok()) else {
        return;
    };
    let command_line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let mut words = command_line.split(|byte| *byte == 0);
    let is_postgres = words.next().is_some_and(|program| program.ends_with(b"postgres"));
    if is_postgres
        && words.any(|word| word == data.as_os_str().as_encoded_bytes())
        && let Some(process) = Process::with_pid(pid)
    {
        process.stop(Signal::SIGINT);
    }
}

fn initialise(
    bin: &Path,
    instance: &Instance,
    home: &Path,
    owner: Owner,
    password: &str,
) -> Result<()> {
    let secret = home.join("password");
    write_private(&secret, password)?;
    if let Some((user, group)) = owner {
        chown(&secret, Some(user), Some(group))?;
    }
    let mut command = as_owner(&bin.join("initdb"), home, owner);
    command.args(["--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums", "--no-sync"]);
    command.args(["--auth=scram-sha-256", "--username", USER]);
    command.arg("--pwfile").arg(&secret).arg("-D").arg(home.join("data"));
    instance.run_quietly("initdb", &mut command)?;
    fs::remove_file(secret).context("cannot remove the password file")
}

/// `None` when another program took the port first.
fn start_once(
    bin: &Path,
    instance: &Instance,
    home: &Path,
    owner: Owner,
    durability: Durability,
    password: &str,
) -> Result<Option<Postgres>> {
    let port = free_ports::<1>()?[0];
    let url = format!("postgres://{USER}:{password}@127.0.0.1:{port}/postgres");
    let service = serve(bin, instance, (home, owner), durability, (port, &url))?;
    Ok(service.map(|service| Postgres { service, url }))
}

/// Starts a server that was stopped again, where it was and with what it had; `url` is what
/// [`start`] gave.
pub fn start_again(instance: &Instance, durability: Durability, url: &str) -> Result<Service> {
    let bin = programs().context("PostgreSQL is not installed")?;
    let home = instance.dir.join("postgres").canonicalize().context("the cluster is gone")?;
    let port = url.rsplit_once('/').and_then(|(server, _)| server.rsplit_once(':')?.1.parse().ok());
    let port = port.context("the server's address has no port")?;
    serve(&bin, instance, (&home, owner()?), durability, (port, url))?
        .context("another program has taken Postgres' port")
}

/// `None` when another program took the port first.
fn serve(
    bin: &Path,
    instance: &Instance,
    (home, owner): (&Path, Owner),
    durability: Durability,
    (port, url): (u16, &str),
) -> Result<Option<Service>> {
    let mut command = as_owner(&bin.join("postgres"), home, owner);
    command.arg("-D").arg(home.join("data")).args(["-p", &port.to_string()]);
    for setting in SETTINGS.iter().chain(durability.settings()) {
        command.args(["-c", setting]);
    }
    // The fast way: the usual signal would wait for every client to leave.
    let mut service = instance.start(SERVICE, Signal::SIGINT, &mut command)?;
    let answer = wait_for("the start of Postgres", Duration::from_secs(60), || {
        if service.must_run().is_err() && service.lost_its_port() {
            return Ok(Some(false));
        }
        service.must_run()?;
        Ok(answers(url).then_some(true))
    })?;
    Ok(answer.then_some(service))
}

/// Whether the server answers this user: another one, on a port that was ours, would not.
pub fn answers(url: &str) -> bool {
    let Some(bin) = programs() else { return false };
    let mut command = Command::new(bin.join("psql"));
    command.args(["--no-psqlrc", "-q", "-d", url, "-c", "SELECT 1"]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn as_owner(program: &Path, home: &Path, owner: Owner) -> Command {
    let mut command = Command::new(program);
    // The folder that this program was started in may be closed to the server's user.
    command.current_dir(home).env("LC_ALL", "C.UTF-8");
    if let Some((user, group)) = owner {
        command.uid(user).gid(group).env("HOME", home);
    }
    command
}

/// Ports that nobody listens on, all different.
pub fn free_ports<const N: usize>() -> Result<[u16; N]> {
    let mut held = Vec::new();
    let mut ports = [0; N];
    for port in &mut ports {
        let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port")?;
        *port = listener.local_addr()?.port();
        held.push(listener);
    }
    Ok(ports)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_free_and_different() {
        let [one, other] = free_ports::<2>().unwrap();
        assert_ne!(one, other);
        TcpListener::bind(("127.0.0.1", one)).unwrap();
        TcpListener::bind(("127.0.0.1", other)).unwrap();
    }

    #[test]
    fn the_log_is_told_no_values() {
        for setting in ["log_parameter_max_length=0", "log_parameter_max_length_on_error=0"] {
            assert!(SETTINGS.contains(&setting));
        }
    }

    #[test]
    fn the_demo_waits_for_the_disk() {
        assert!(Durability::Safe.settings().iter().all(|setting| !setting.ends_with("=off")));
    }

    #[test]
    fn a_stale_record_of_another_process_is_not_believed() {
        let data = std::env::temp_dir().join(random_hex::<8>().unwrap());
        fs::create_dir(&data).unwrap();
        fs::write(data.join("postmaster.pid"), format!("{}\n", std::process::id())).unwrap();
        stop_stray(&data);
        fs::remove_dir_all(data).unwrap();
    }

    #[test]
    fn a_folder_that_others_may_write_is_refused() {
        let base = std::env::temp_dir().join(random_hex::<8>().unwrap());
        fs::create_dir(&base).unwrap();
        fs::set_permissions(&base, fs::Permissions::from_mode(0o777)).unwrap();
        assert!(safe_base(&base).is_err());
        let link = base.join("link");
        symlink("/", &link).unwrap();
        assert!(safe_base(&link).is_err());
        fs::remove_dir_all(base).unwrap();
    }
}

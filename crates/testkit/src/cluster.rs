//! A private PostgreSQL from Debian's package: made once per machine and user, reached by a Unix socket only,
//! shared by all test processes, and left running for the next run.

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// Address of the maintenance database. Panics with what to do when there is no PostgreSQL.
pub(crate) fn url() -> &'static str {
    static URL: OnceLock<String> = OnceLock::new();
    URL.get_or_init(|| match given_url() {
        Some(url) => url,
        None => start(),
    })
}

/// A server somebody else runs; the test user must be allowed to create databases there.
pub(crate) fn given_url() -> Option<String> {
    std::env::var("ZOUFANG_TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty())
}

/// The same server, another database.
pub(crate) fn url_of(database: &str) -> String {
    let (front, query) = match url().split_once('?') {
        Some((front, query)) => (front, format!("?{query}")),
        None => (url(), String::new()),
    };
    let authority = front.find("://").map_or(0, |at| at + 3);
    let end = front[authority..].find('/').map_or(front.len(), |at| authority + at);
    format!("{}/{database}{query}", &front[..end])
}

fn start() -> String {
    let me = uid("/proc/self");
    let root = std::env::temp_dir().join(format!("zoufang-test-pg-{me}"));
    fs::create_dir_all(&root).unwrap_or_else(|error| panic!("{} cannot be made: {error}", root.display()));
    assert_eq!(uid(&root), me, "{} belongs to somebody else; remove it or set TMPDIR", root.display());
    // The server's user must get in whatever the umask; the socket's own folder keeps others out.
    let _ = fs::set_permissions(&root, fs::Permissions::from_mode(0o755));
    let socket = root.join("socket");
    let room = socket.as_os_str().len();
    assert!(room < 80, "{} is too long for a Unix socket; set TMPDIR to a shorter folder", socket.display());

    // One process makes and starts it, the others wait here. The lock goes with the process, even one that is killed.
    let lock = File::create(root.join("lock")).unwrap_or_else(|error| panic!("no lock file: {error}"));
    lock.lock().unwrap_or_else(|error| panic!("no lock: {error}"));
    let (version, bin) = newest();
    let data = root.join(format!("data-{version}"));
    if !data.join("PG_VERSION").exists() {
        make(&bin, &root, &socket, &data);
    }
    if !run(server_command(&bin, "pg_ctl").arg("-D").arg(&data).arg("status")) {
        // Started with its own log, for a daemon that kept our pipes would keep the test runner waiting for them.
        let started = run(server_command(&bin, "pg_ctl")
            .args(["start", "-w", "-t", "60", "-D"])
            .arg(&data)
            .arg("-l")
            .arg(socket.join("log")));
        assert!(started, "PostgreSQL did not start; see {}", socket.join("log").display());
    }
    format!("postgresql:///postgres?host={}&user=zoufang", socket.display())
}

fn make(bin: &Path, root: &Path, socket: &Path, data: &Path) {
    let making = root.join("making");
    for old in [&making, &socket.to_path_buf()] {
        let _ = fs::remove_dir_all(old);
    }
    for folder in [&making, &socket.to_path_buf()] {
        fs::create_dir(folder).unwrap_or_else(|error| panic!("{} cannot be made: {error}", folder.display()));
        // Nobody else may connect, since the server asks for no password.
        let _ = fs::set_permissions(folder, fs::Permissions::from_mode(0o700));
        if is_root() {
            assert!(run(Command::new("chown").arg("postgres").arg(folder)), "chown postgres failed");
        }
    }
    let made = run(server_command(bin, "initdb")
        .args(["--auth=trust", "--username=zoufang", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "-D"])
        .arg(&making));
    assert!(made, "initdb failed in {}", making.display());
    // fsync stays on: a test that passes only without it proves nothing.
    let config = format!(
        "\nlisten_addresses = ''\nunix_socket_directories = '{}'\nmax_connections = 400\nshared_buffers = 64MB\n\
         jit = off\nautovacuum = off\nlog_min_messages = fatal\n",
        socket.display()
    );
    let file = making.join("postgresql.conf");
    let old = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    fs::write(&file, old + &config).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    // Renamed last, so a half-made one is never taken for a whole one.
    fs::rename(&making, data).unwrap_or_else(|error| panic!("{}: {error}", data.display()));
}

/// The newest of Debian's versions and its programs.
fn newest() -> (u32, PathBuf) {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path().join("bin"))))
        .filter(|(_, bin)| bin.join("initdb").exists())
        .max();
    match newest {
        Some(found) => found,
        None => panic!(
            "\n\n*** PostgreSQL is missing, and every store test runs on it too. ***\n\
             apt-get install postgresql   (or set ZOUFANG_TEST_POSTGRES_URL; ZOUFANG_SKIP_POSTGRES=1 leaves these tests out)\n"
        ),
    }
}

/// PostgreSQL refuses to run as root, so root runs it as Debian's user `postgres`.
fn server_command(bin: &Path, program: &str) -> Command {
    let mut command = if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(bin.join(program));
        command
    } else {
        Command::new(bin.join(program))
    };
    // That user may not be allowed into the folder the tests run in.
    command.current_dir("/");
    command
}

fn run(command: &mut Command) -> bool {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

fn is_root() -> bool {
    uid("/proc/self") == 0
}

fn uid(path: impl AsRef<Path>) -> u32 {
    let path = path.as_ref();
    fs::metadata(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())).uid()
}

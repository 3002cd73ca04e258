//! One cluster: made, started, crashed, started again, asked.

use std::io::Write as _;
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use crate::Binaries;

/// The superuser of every cluster; connections from this machine need no password.
const USER: &str = "cofferdam";
/// `nobody` on Debian: PostgreSQL refuses to run as root.
const UNPRIVILEGED: u32 = 65_534;
/// How long a start may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// Waits for the end of its standard input, which comes with the end of whoever holds the other end, then ends the
/// server. A first word `keep` on it leaves the folder for another start.
const GUARD: &str = r#"
"$@" & server=$!
trap '' INT TERM
read -r word
kill -QUIT "$server" 2>/dev/null
wait "$server"
[ "$word" = keep ] || rm -rf "$FOLDER"
"#;

/// Whether this process is the guard of a cluster. It ends by itself, with its server, when the program ends that started
/// it; killed, it leaves the server behind.
pub fn is_guard(process: u32) -> bool {
    let line = std::fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
    line.split(|byte| *byte == 0).any(|word| word == GUARD.as_bytes())
}

/// A running cluster. Dropped, it ends and its folder is removed.
pub struct Cluster {
    binaries: Binaries,
    folder: PathBuf,
    port: u16,
    guard: Mutex<Option<Guard>>,
    databases: AtomicU32,
}

/// The shell that ends the server when its standard input ends.
struct Guard {
    child: Child,
    line: ChildStdin,
}

impl Cluster {
    /// The cluster that all tests of this process share, each with databases of its own.
    ///
    /// # Panics
    ///
    /// When PostgreSQL is not installed or does not start: a test that needs it must not pass without.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Cluster> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    /// Makes a cluster and starts it.
    ///
    /// # Panics
    ///
    /// As [`shared`](Self::shared).
    pub fn start() -> Self {
        let binaries = Binaries::find().unwrap_or_else(|error| panic!("{error}"));
        let folder =
            tempfile::Builder::new().prefix("cofferdam-postgres-").tempdir().expect("a temporary folder").keep();
        if is_root() {
            chown(&folder, Some(UNPRIVILEGED), Some(UNPRIVILEGED)).expect("root may give a folder away");
        }
        let port = TcpListener::bind("127.0.0.1:0").and_then(|port| port.local_addr()).expect("a free port").port();
        let databases = AtomicU32::new(0);
        let cluster = Self { binaries, folder, port, guard: Mutex::default(), databases };
        let mut initdb = cluster.command("initdb");
        initdb.arg("--pgdata").arg(cluster.data());
        initdb.args(["--username", USER, "--auth", "trust", "--encoding", "UTF8", "--no-locale", "--no-instructions"]);
        let made = initdb.output().expect("initdb runs");
        assert!(made.status.success(), "initdb failed: {}", String::from_utf8_lossy(&made.stderr));
        cluster.start_again();
        cluster
    }

    /// Starts the server, which must not run.
    ///
    /// # Panics
    ///
    /// When it does not start.
    pub fn start_again(&self) {
        let log = std::fs::File::options().create(true).append(true).open(self.log_file()).expect("a file for the log");
        let mut guard = Command::new("sh");
        guard.args(["-c", GUARD, "guard"]);
        let server = self.command("postgres");
        guard.arg(server.get_program()).args(server.get_args());
        guard.arg("-D").arg(self.data()).args(["-p", &self.port.to_string()]);
        for setting in [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "shared_buffers=64MB",
            "max_connections=200",
            "jit=off",
            "restart_after_crash=on",
        ] {
            guard.args(["-c", setting]);
        }
        let streams = (log.try_clone().expect("a handle can be doubled"), log);
        let mut child = guard
            .env("FOLDER", &self.folder)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(streams.0)
            .stderr(streams.1)
            .spawn()
            .expect("a shell runs");
        let line = child.stdin.take().expect("its input is a pipe");
        *self.lock() = Some(Guard { child, line });
        let start = Instant::now();
        while self.try_query("postgres", "SELECT 1").is_err() {
            assert!(start.elapsed() < PATIENCE, "PostgreSQL does not start: {}", self.log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Ends the server like a power cut: no transaction under way survives, every committed one does.
    pub fn kill(&self) {
        let guard = self.lock().take();
        if let Some(Guard { mut child, mut line }) = guard {
            // SIGQUIT: every process of the server ends at once, without a checkpoint.
            let _ = line.write_all(b"keep\n");
            drop(line);
            let _ = child.wait();
        }
    }

    /// A fresh database; answers its URL.
    pub fn create_database(&self) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.query("postgres", &format!("CREATE DATABASE {name}"));
        self.url(&name)
    }

    /// The URL of a database.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://{USER}@127.0.0.1:{}/{database}", self.port)
    }

    /// The path of one of PostgreSQL's programs.
    pub fn program(&self, name: &str) -> PathBuf {
        self.binaries.program(name)
    }

    /// Where the server listens, on loopback.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Runs SQL in a database, given by its name or URL; answers the rows as lines, their columns joined by `|`.
    ///
    /// # Panics
    ///
    /// When the server refuses it.
    pub fn query(&self, database: &str, sql: &str) -> String {
        self.try_query(database, sql).unwrap_or_else(|error| panic!("`{sql}`: {error}"))
    }

    fn try_query(&self, database: &str, sql: &str) -> Result<String, String> {
        let url = if database.contains("://") { database.to_owned() } else { self.url(database) };
        let mut psql = Command::new(self.binaries.program("psql"));
        psql.args(["--no-psqlrc", "-AtX", "-v", "ON_ERROR_STOP=1", "-d", &url, "-c", sql]).stdin(Stdio::null());
        let output = psql.output().map_err(|error| error.to_string())?;
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into_owned())
        }
    }

    /// What the server said.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Guard>> {
        self.guard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn log_file(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// A program of PostgreSQL, as a user that may run it.
    fn command(&self, program: &str) -> Command {
        let program = self.binaries.program(program);
        if !is_root() {
            return in_folder(Command::new(program), &self.folder);
        }
        let mut command = Command::new("setpriv");
        let id = UNPRIVILEGED.to_string();
        command.args(["--reuid", &id, "--regid", &id, "--clear-groups", "--"]).arg(program);
        in_folder(command, &self.folder)
    }
}

fn in_folder(mut command: Command, folder: &Path) -> Command {
    command.current_dir(folder);
    command
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(Guard { mut child, line }) = self.lock().take() {
            drop(line);
            let _ = child.wait();
        } else {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn committed_rows_survive_a_crash_and_databases_are_apart() {
        let cluster = Cluster::start();
        let (one, other) = (cluster.create_database(), cluster.create_database());
        cluster.query(&one, "CREATE TABLE t (n INTEGER)");
        cluster.query(&one, "INSERT INTO t VALUES (1), (2)");
        assert!(cluster.try_query(&other, "SELECT * FROM t").is_err());
        cluster.kill();
        assert!(cluster.try_query(&one, "SELECT 1").is_err());
        cluster.start_again();
        assert_eq!(cluster.query(&one, "SELECT n, n * 2 FROM t ORDER BY n"), "1|2\n2|4");
        assert_eq!(cluster.query(&one, "SHOW fsync"), "on");
    }

    #[test]
    fn nothing_of_it_is_left() {
        let cluster = Cluster::start();
        let (folder, port) = (cluster.folder.clone(), cluster.port());
        let guard = cluster.lock().as_ref().map(|guard| guard.child.id()).expect("it runs");
        assert!(is_guard(guard) && !is_guard(std::process::id()));
        let mode = std::fs::metadata(cluster.data()).expect("the data's folder").permissions().mode();
        assert_eq!(mode & 0o077, 0, "only its user may look into it");
        drop(cluster);
        assert!(!folder.exists());
        TcpListener::bind(("127.0.0.1", port)).expect("the port is free again");
    }
}

//! axe-core, the checker of accessibility, fetched from npm once and kept beside the builds.

#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

const VERSION: &str = "4.14.1";

/// Its script, or the sentence that says why it is not there.
pub fn script() -> Result<&'static str, &'static str> {
    static SCRIPT: LazyLock<Result<String, String>> = LazyLock::new(fetch);
    SCRIPT.as_ref().map(String::as_str).map_err(String::as_str)
}

fn fetch() -> Result<String, String> {
    let folder = crate::eyes::target().join("axe");
    let kept = folder.join(format!("axe-{VERSION}.js"));
    if !kept.exists() {
        std::fs::create_dir_all(&folder).unwrap();
        let place = tempfile::tempdir_in(&folder).unwrap();
        run(Command::new("npm").args(["pack", "--silent", &format!("axe-core@{VERSION}")]), place.path())?;
        let packed = place.path().join(format!("axe-core-{VERSION}.tgz"));
        run(Command::new("tar").arg("-xzf").arg(&packed), place.path())?;
        // Renamed into its place, so that a run beside this one never reads half of it.
        std::fs::rename(place.path().join("package/axe.min.js"), &kept).map_err(|error| error.to_string())?;
    }
    std::fs::read_to_string(&kept).map_err(|error| error.to_string())
}

fn run(command: &mut Command, folder: &Path) -> Result<(), String> {
    let said = command.current_dir(folder).output();
    match said {
        Ok(it) if it.status.success() => Ok(()),
        Ok(it) => Err(format!("{command:?}: {}", String::from_utf8_lossy(&it.stderr).trim())),
        Err(error) => Err(format!("{command:?}: {error}")),
    }
}

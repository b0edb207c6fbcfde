//! A folder that its user may not write: refused in words, and nothing in it is touched.

use crate::program::{BINARY, ended, serve, settle};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

/// The same command as `nobody`. Root may write everywhere, so only an unprivileged user can be refused.
fn as_nobody(binary: &Path, data: &Path) -> Option<Command> {
    let may = Command::new("runuser").args(["-u", "nobody", "--", "true"]).output();
    if !may.is_ok_and(|it| it.status.success()) {
        println!(
            "!! NOT TESTED: running as an unprivileged user needs `runuser -u nobody`, which is not permitted here."
        );
        return None;
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "nobody", "--"]).arg(binary).args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data);
    Some(command)
}

fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(folder).unwrap().map(|it| it.unwrap()).filter(|it| it.file_type().unwrap().is_file());
    files.map(|it| (it.file_name().to_string_lossy().into_owned(), fs::read(it.path()).unwrap())).collect()
}

#[test]
fn a_folder_that_may_not_be_written_is_refused_in_words_and_nothing_in_it_changes() {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    // The folder of the build may be closed to others.
    let binary = folder.path().join("zoufang");
    fs::copy(BINARY, &binary).unwrap();
    let data = folder.path().join("data");
    settle(&data);
    for (folder_mode, file_mode) in [(0o755, 0o644), (0o777, 0o644), (0o700, 0o600)] {
        fs::set_permissions(&data, fs::Permissions::from_mode(folder_mode)).unwrap();
        for file in fs::read_dir(&data).unwrap().map(|it| it.unwrap().path()).filter(|it| it.is_file()) {
            fs::set_permissions(file, fs::Permissions::from_mode(file_mode)).unwrap();
        }
        let before = contents(&data);
        let Some(mut command) = as_nobody(&binary, &data) else { return };
        let done = ended(&mut command);
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!(done.status.code(), Some(1), "{folder_mode:o}: {said}");
        assert!(said.contains("写") && said.contains("writ"), "{folder_mode:o}: {said}");
        assert!(!said.contains("panicked"), "{folder_mode:o}: {said}");
        assert_eq!(contents(&data), before, "{folder_mode:o}: something in the folder changed");
    }
    // Nothing was lost: its own user goes on with it.
    crate::program::verified(&data);
}

#[test]
fn a_folder_that_cannot_be_made_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a-file");
    fs::write(&file, "").unwrap();
    let done = ended(&mut serve(BINARY, &file.join("data")));
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(done.status.code(), Some(1), "{said}");
    assert!(said.contains("目录") && said.contains("folder"), "{said}");
}

//! A small disk of its own for a hub, in a namespace that a process holds open.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A namespace in which a folder is a disk of a few MiB; gone when dropped, with what is on it.
#[derive(Debug)]
pub struct SmallDisk {
    holder: Child,
    is_root: bool,
}

impl SmallDisk {
    /// Lays a disk of `mib` over `folder`, seen only by what [`SmallDisk::inside`] starts.
    pub fn over(folder: &Path, mib: u32) -> Self {
        std::fs::create_dir_all(folder).expect("the folder");
        let user = Command::new("id").arg("-u").output().expect("id starts").stdout;
        let is_root = user.trim_ascii() == b"0";
        let mut holder = Command::new("unshare");
        holder.arg("--mount");
        if !is_root {
            holder.arg("--map-root-user");
        }
        let script =
            format!("mount -t tmpfs -o size={mib}m none \"$0\" && echo mounted && exec cat");
        holder.args(["sh", "-c", &script]).arg(folder);
        let mut holder =
            holder.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("unshare starts");
        let mut line = String::new();
        let out = holder.stdout.take().expect("a pipe");
        BufReader::new(out).read_line(&mut line).expect("a line");
        assert_eq!(line, "mounted\n", "a disk of {mib} MiB cannot be mounted");
        Self { holder, is_root }
    }

    /// The same command, which sees the disk.
    pub fn inside(&self, command: &Command) -> Command {
        let mut inside = Command::new("nsenter");
        inside.args(["--target", &self.holder.id().to_string(), "--mount"]);
        if !self.is_root {
            inside.args(["--user", "--preserve-credentials"]);
        }
        if let Some(folder) = command.get_current_dir() {
            inside.arg(format!("--wd={}", folder.display())).current_dir(folder);
        }
        inside.arg(command.get_program()).args(command.get_args());
        inside
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // `cat` ends with its input; the kill is for one that does not.
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}

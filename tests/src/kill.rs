//! `kill -9` of a running hub.

use std::process::{Child, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// Kills the process after `delay` unless it ended before; says whether it was killed.
pub fn kill_after(mut child: Child, delay: Duration) -> bool {
    let (ended, wait) = mpsc::channel();
    let pid = child.id();
    let waiter = std::thread::spawn(move || {
        let status = child.wait().expect("the process can be waited for");
        // Nobody listens any more if it was killed.
        let _ = ended.send(());
        status
    });
    let is_running = wait.recv_timeout(delay).is_err();
    if is_running {
        let killed = send_kill(pid);
        // It may have ended between the two calls.
        let status = waiter.join().expect("the waiter ends");
        return killed && status.code().is_none();
    }
    waiter.join().expect("the waiter ends");
    false
}

/// Kills a process that somebody else will wait for after `delay`; says whether it was there.
pub fn kill_process(id: u32, delay: Duration) -> bool {
    // The moment of the kill is what the test is about: nothing is waited for.
    std::thread::park_timeout(delay);
    send_kill(id)
}

/// Says whether there was such a process.
fn send_kill(id: u32) -> bool {
    let mut kill = std::process::Command::new("kill");
    let status = kill.args(["-9", &id.to_string()]).stderr(Stdio::null()).status();
    status.expect("kill starts").success()
}

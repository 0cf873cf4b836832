//! Progress on the error stream, so that answers on the output stream stay clean.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

const TICK: Duration = Duration::from_millis(120);

/// A line that counts something of unknown length.
pub(crate) fn spinner(label: &str, is_quiet: bool) -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    prepare(&bar, is_quiet, "{spinner} {prefix:<34} {msg}");
    bar.set_prefix(label.to_owned());
    bar
}

/// A bar over a known number of steps or bytes.
pub(crate) fn bar(label: &str, length: u64, is_bytes: bool, is_quiet: bool) -> ProgressBar {
    let bar = ProgressBar::new(length);
    let template = if is_bytes {
        "{prefix:<34} [{bar:30}] {bytes}/{total_bytes} {msg}"
    } else {
        "{prefix:<34} [{bar:30}] {pos}/{len} {msg}"
    };
    prepare(&bar, is_quiet, template);
    bar.set_prefix(label.to_owned());
    bar
}

fn prepare(bar: &ProgressBar, is_quiet: bool, template: &str) {
    if is_quiet {
        bar.set_draw_target(ProgressDrawTarget::hidden());
        return;
    }
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("█▉ "));
    }
    bar.enable_steady_tick(TICK);
}

//! `ledger generate`.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result};
use yuanliu_benchmarks::flow::{Flow, Slot, write_documents};

use crate::options::GenerateArgs;

pub(crate) fn generate(args: &GenerateArgs) -> Result<()> {
    let plan = args.flow.plan(0);
    if let Some(folder) = &args.documents {
        write_documents(&plan, folder)?;
    }
    let mut out: Box<dyn Write> = match &args.output {
        Some(path) => Box::new(create(path)?),
        None => Box::new(std::io::stdout().lock()),
    };
    let (mut flow, mut slot, mut events) = (Flow::new(plan), Slot::default(), 0);
    while flow.fill(&mut slot) {
        out.write_all(&slot.text).context("writing the events")?;
        events += slot.lines.len();
    }
    out.flush().context("writing the events")?;
    eprintln!("{events} events");
    Ok(())
}

fn create(path: &Path) -> Result<BufWriter<File>> {
    let file = File::create(path).with_context(|| format!("making {}", path.display()))?;
    Ok(BufWriter::with_capacity(1 << 20, file))
}

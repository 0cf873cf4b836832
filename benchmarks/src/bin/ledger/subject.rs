//! A ledger that is being measured: the hub, or the peer with its database.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use yuanliu_benchmarks::process;
use yuanliu_benchmarks::served::Served;

use crate::database::Database;
use crate::hub::Hub;
use crate::options::MeasureArgs;

/// A running ledger.
#[derive(Debug)]
pub(crate) struct Subject<'a> {
    pub(crate) name: &'static str,
    pub(crate) served: Served,
    behind: Behind<'a>,
}

#[derive(Debug)]
enum Behind<'a> {
    Hub(&'a Hub),
    Peer(&'a Database, &'a MeasureArgs),
}

impl<'a> Subject<'a> {
    pub(crate) fn hub(hub: &'a Hub) -> Result<Self> {
        Ok(Self { name: "hub", served: hub.serve()?, behind: Behind::Hub(hub) })
    }

    /// The peer runs as a child of this program, which is the same for both.
    pub(crate) fn peer(database: &'a Database, args: &'a MeasureArgs) -> Result<Self> {
        let behind = Behind::Peer(database, args);
        Ok(Self { name: "peer", served: serve_peer(database, args)?, behind })
    }

    /// Where a code is asked for with everything that happened to what it was in: the hub's trace always has it.
    pub(crate) fn chain(&self) -> &'static str {
        match self.behind {
            Behind::Hub(_) => "/api/v1/trace/",
            Behind::Peer(..) => "/api/v1/chain/",
        }
    }

    /// What staff of the hub's machine asks with; the peer asks for nothing.
    pub(crate) fn token(&self) -> Result<Option<String>> {
        match self.behind {
            Behind::Hub(hub) => hub.token().map(Some),
            Behind::Peer(..) => Ok(None),
        }
    }

    /// Processor time of the server and of what it stores into.
    pub(crate) fn processor(&self) -> Result<Duration> {
        Ok(self.served.processor()?
            + match self.behind {
                Behind::Hub(_) => Duration::ZERO,
                Behind::Peer(database, _) => database.processor()?,
            })
    }

    /// The most memory of the server, and what the database has now, in bytes.
    pub(crate) fn memory(&self) -> Result<u64> {
        Ok(self.served.peak()?
            + match self.behind {
                Behind::Hub(_) => 0,
                Behind::Peer(database, _) => database.memory()?,
            })
    }

    /// Starts it anew with nothing cached, as far as this process may do that; says whether it could.
    pub(crate) fn restart_cold(self) -> Result<(Self, bool)> {
        self.served.stop()?;
        if let Behind::Peer(database, _) = self.behind {
            database.restart()?;
        }
        let is_cold = process::drop_page_cache();
        let served = match self.behind {
            Behind::Hub(hub) => hub.serve()?,
            Behind::Peer(database, args) => serve_peer(database, args)?,
        };
        Ok((Self { served, ..self }, is_cold))
    }

    /// Reads once what is asked for, so that the system caches it; bytes.
    pub(crate) fn read_all(&self) -> Result<u64> {
        match self.behind {
            Behind::Hub(hub) => process::read_all(&hub.data().join("index")),
            Behind::Peer(database, _) => database.read_all(),
        }
    }
}

fn serve_peer(database: &Database, args: &MeasureArgs) -> Result<Served> {
    let program = std::env::current_exe().context("finding this program")?;
    let writer = clap::ValueEnum::to_possible_value(&args.peer_writer);
    let writer = writer.context("a writer has a name")?;
    let mut command = Command::new(program);
    command.args(["peer", "--port", &database.port().to_string()]);
    command.args(["--connections", &args.database_connections.to_string()]);
    Served::start(command.args(["--writer", writer.get_name()]))
}

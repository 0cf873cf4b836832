//! A server that speaks TDS 7.4, the protocol of Microsoft SQL Server, for demonstrations and tests.
//!
//! [`SqlServerSandbox::start`] serves [`Database`]s on 127.0.0.1 inside the calling process and answers a
//! [`SqlServerHandle`], through which a test changes rows, holds transactions open and injects [`Fault`]s
//! while clients are reading. It is faithful where a reading client depends on it: encryption, logins,
//! batches and parameterised calls, Attention, every data type on the wire, catalogue views, rowversions,
//! Change Tracking, error numbers. `README.md` lists the Transact-SQL it knows.
//!
//! It deliberately does not write through SQL. It is no place for real data: its one account is public.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use serde_json::json;
//! use yuanliu_sandbox_sql_server::{Database, Fault, SqlServerOptions, SqlServerSandbox, SqlType, TableDef};
//!
//! let orders = TableDef::new("dbo", "SO_SOMain")
//!     .column("ID", SqlType::Int)
//!     .column("cSOCode", SqlType::NVarChar(30))
//!     .column("ufts", SqlType::RowVersion)
//!     .key(["ID"]);
//! let mut database = Database::new("UFDATA_001_2026").table(orders);
//! database.put("dbo.SO_SOMain", &json!({"ID": 1, "cSOCode": "XS0001"}))?;
//!
//! let options = SqlServerOptions { databases: vec![database], ..SqlServerOptions::default() };
//! let sandbox = SqlServerSandbox::start(options).await?;
//! sandbox.put("UFDATA_001_2026", "dbo.SO_SOMain", &json!({"ID": 2, "cSOCode": "XS0002"}))?;
//! sandbox.inject(Fault::Deadlock);
//! sandbox.shutdown().await;
//! # Ok(())
//! # }
//! ```

mod catalog;
mod clock;
mod data;
mod engine;
mod error;
mod fault;
mod fill;
mod options;
mod server;
mod session;
mod values;
mod wire;

pub use clock::Clock;
pub use data::{ColumnDef, Database, IndexDef, PutError, TableDef};
pub use error::SqlError;
pub use fault::{Fault, Faults, FaultsError};
pub use fill::{
    K3_WISE_DATABASE, U8_DATABASES, empty_kingdee_k3_wise, empty_yonyou_u8, kingdee_k3_wise,
    yonyou_u8,
};
pub use options::{Encryption, Login, SqlServerOptions};
pub use server::{SeenLogin, SqlServerHandle, SqlServerSandbox, StartError, Transaction};
pub use values::{Collation, Decimal, MAX, Row, SqlType, Value};

//! A deterministic made-up company: masters, documents, scans.
//!
//! [`Company::generate`] makes the same company from the same seed, scale and start date, without
//! a wall clock. Masters and documents are held as plain data; [`Company::scans`] makes the scan
//! events one pallet at a time, so a company of millions of items fits in little memory.
//!
//! One dealer diverts: cases shipped to it are opened and checked in one distant county. Every
//! other dealer has travellers' noise, single checks scattered over the country. [`Truth`] says
//! which is which. The records have the faults of real ones: resent, late, corrected and
//! mis-spelt events, placeholder codes, sentinel dates, voided shipments.
//!
//! It knows no ERP and no protocol; `yuanliu-sandbox-kingdee` turns the documents into forms.
//!
//! ```
//! use yuanliu_company::Company;
//!
//! let company = Company::demo(7, 1);
//! assert_eq!(company.items(), 2_040);
//! let first = company.scans().next().map(|event| event.event_type);
//! assert_eq!(first, Some("consume"));
//! ```

mod canonical;
mod company;
mod dice;
mod exact;
mod model;
mod place;
mod plan;
mod scan;

pub use company::Company;
pub use exact::Exact;
pub use model::{
    Dealer, Delivery, DeliveryLine, Employee, IncentiveRate, Inspected, Inspection, Material,
    MaterialLot, MaterialMove, MoveKind, Order, OrderLine, Product, Promoter, Receipt, Run, Status,
    Store, Supplier, Territory, Truth, Warehouse,
};
pub use place::Place;
pub use scan::{PLACEHOLDER, ScanEvent, ScanInput, Scans, case_code, item_code, pallet_code};

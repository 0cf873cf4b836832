//! The tables of the plant's own system.

use yuanliu_sandbox_sql_server::{Database, SqlType, TableDef};

pub(crate) const DATABASE: &str = "WERK_07";

/// The database without rows.
pub(crate) fn empty() -> Database {
    let tables =
        [artikel(), kunde(), auftrag(), auftrag_pos(), versand(), versand_pos(), fauftrag()];
    let tables = tables.into_iter().chain([entnahme(), lieferant()]);
    tables.fold(Database::new(DATABASE), Database::table)
}

fn artikel() -> TableDef {
    TableDef::new("fert", "Artikel")
        .column("ArtNr", SqlType::Char(14))
        .column("Ausf", SqlType::SmallInt)
        .column("Bez1", SqlType::NVarChar(40))
        .column("Bez2", SqlType::NVarChar(40))
        .column("WarenGr", SqlType::NChar(20))
        .column("BasisEinh", SqlType::Char(3))
        .column("StkKarton", SqlType::Real)
        .column("KartonPal", SqlType::TinyInt)
        .column("Gesperrt", SqlType::Char(1))
        .column("Satz", SqlType::Char(1))
        .key(["ArtNr", "Ausf"])
}

fn kunde() -> TableDef {
    TableDef::new("vk", "Kunde")
        .column("Mandant", SqlType::Char(3))
        .column("KdNr", SqlType::VarChar(12))
        .column("Name", SqlType::NVarChar(60))
        .column("Anschrift", SqlType::NText)
        .column("VertrWeg", SqlType::TinyInt)
        .column("Loesch", SqlType::Bit)
        .column("Stand", SqlType::RowVersion)
        .key(["Mandant", "KdNr"])
}

fn auftrag() -> TableDef {
    TableDef::new("vk", "Auftrag")
        .column("Mandant", SqlType::Char(3))
        .column("AuftrNr", SqlType::Char(14))
        .column("KdNr", SqlType::VarChar(12))
        .column("Dat", SqlType::Int)
        .column("LiefAnschrift", SqlType::NVarChar(200))
        .column("Stat", SqlType::TinyInt)
        .column("Sonder7", SqlType::NVarChar(30))
        .column("Loesch", SqlType::Bit)
        .column("Stand", SqlType::RowVersion)
        .key(["Mandant", "AuftrNr"])
}

fn auftrag_pos() -> TableDef {
    TableDef::new("vk", "AuftragPos")
        .column("Mandant", SqlType::Char(3))
        .column("AuftrNr", SqlType::Char(14))
        .column("Pos", SqlType::SmallInt)
        .column("ArtNr", SqlType::Char(14))
        .column("Ausf", SqlType::SmallInt)
        .column("Menge", SqlType::Float)
        .column("PreisCt", SqlType::Int)
        .column("BetragCt", SqlType::BigInt)
        .column("MwSt", SqlType::SmallMoney)
        .column("Loesch", SqlType::Bit)
        .column("Stand", SqlType::RowVersion)
        .key(["Mandant", "AuftrNr", "Pos"])
}

fn versand() -> TableDef {
    TableDef::new("vk", "Versand")
        .column("VersandNr", SqlType::Char(14))
        .column("AuftrNr", SqlType::Char(14))
        .column("Lager", SqlType::SmallInt)
        .column("Spedition", SqlType::NVarChar(30))
        .column("Sendung", SqlType::VarChar(30))
        .column("Dat", SqlType::Int)
        .column("Zt", SqlType::Int)
        .column("Stat", SqlType::Char(1))
        .column("Stand", SqlType::RowVersion)
        .key(["VersandNr"])
}

fn versand_pos() -> TableDef {
    TableDef::new("vk", "VersandPos")
        .column("VersandNr", SqlType::Char(14))
        .column("Pos", SqlType::SmallInt)
        .column("AuftrPos", SqlType::SmallInt)
        .column("ArtNr", SqlType::Char(14))
        .column("Ausf", SqlType::SmallInt)
        .column("Menge", SqlType::Float)
        .column("Stand", SqlType::RowVersion)
        .key(["VersandNr", "Pos"])
}

fn fauftrag() -> TableDef {
    TableDef::new("fert", "FAuftrag")
        .column("FaNr", SqlType::VarChar(12))
        .column("FaPos", SqlType::TinyInt)
        .column("ArtNr", SqlType::Char(14))
        .column("Ausf", SqlType::SmallInt)
        .column("Charge", SqlType::VarChar(20))
        .column("Soll", SqlType::Int)
        .column("Linie", SqlType::NVarChar(20))
        .column("Start", SqlType::SmallDateTime)
        .column("EndeEpoch", SqlType::BigInt)
        .column("Stat", SqlType::Char(2))
        .column("Stand", SqlType::RowVersion)
        .key(["FaNr", "FaPos"])
}

fn entnahme() -> TableDef {
    TableDef::new("fert", "Entnahme")
        .column("Id", SqlType::UniqueIdentifier)
        .column("FaNr", SqlType::VarChar(12))
        .column("FaPos", SqlType::TinyInt)
        .column("ArtNr", SqlType::Char(14))
        .column("Los", SqlType::VarChar(20))
        .column("MengeMilli", SqlType::BigInt)
        .column("Art", SqlType::Char(1))
        .column("LiefNr", SqlType::Int)
        .column("Stand", SqlType::RowVersion)
        .key(["Id"])
}

fn lieferant() -> TableDef {
    TableDef::new("ek", "Lieferant")
        .column("LiefNr", SqlType::Int)
        .column("Firma", SqlType::NVarChar(60))
        .key(["LiefNr"])
}

//! Problems of model files, all at once, as text.

use yuanliu_warehouse::{Kind, ModelGraph};

fn problems(models: &[(&str, &str)]) -> String {
    match ModelGraph::load(models.iter().copied()) {
        Ok(_) => String::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
    }
}

const A: &str = "-- name: core.a\n-- kind: table\n-- grain: x\n-- columns:\n--   x: x\nselect x from staging.all__e";
const S1: &str =
    "-- name: staging.k1__e\n-- kind: view\n-- columns:\n--   x: x\nselect x from current.k1__e";
const S2: &str =
    "-- name: staging.k2__e\n-- kind: view\n-- columns:\n--   x: x\nselect x from current.k2__e";

#[test]
fn orders_models_and_unites_staging() {
    let graph = ModelGraph::load([
        ("core/a.sql", A),
        ("staging/k1/e.sql", S1),
        ("staging/k2/e.sql", S2),
        ("reports/anything.sql", "not even sql"),
        ("README.md", "text"),
    ])
    .unwrap();
    let names: Vec<_> = graph.models().map(|model| model.name.to_string()).collect();
    assert_eq!(names, ["staging.k1__e", "staging.k2__e", "core.a", "audits.grain__core__a"]);
    assert_eq!(graph.models().last().unwrap().kind, Kind::Audit);
}

#[test]
fn tells_every_problem_of_a_header() {
    let sql = "-- name: marts.b\n-- kind: tables\n-- owner: me\n-- partition: month\n\
               -- columns:\n--   x: the x\n--     and more of it\n--   z: the z\n\
               select a.x, a.y + 1 as y from core.a as a";
    assert_eq!(
        problems(&[("core/b.sql", sql), ("core/a.sql", A), ("staging/k1/e.sql", S1)]),
        "core/b.sql: unknown header key `owner`; known keys are name, kind, partition, touched, slice, sums, expires, grain, columns\n\
         core/b.sql: marts.b does not belong into folder core\n\
         core/b.sql: kind `tables` is not one of table, view, audit\n\
         core/b.sql: a table needs `grain`: the columns that name a row"
    );
}

#[test]
fn a_table_of_sums_says_what_is_summed() {
    let sql = "-- name: core.b\n-- kind: table\n-- partition: x\n-- touched: select x, x from changed.core__a\n\
               -- sums: n, m\n-- grain: x\n-- columns:\n--   x: x\n--   y: y\n--   n: n\nselect x, x as y, count(*) as n from core.a group by x";
    assert_eq!(
        problems(&[("core/b.sql", sql), ("core/a.sql", A), ("staging/k1/e.sql", S1)]),
        "core/b.sql: `sums` needs `slice`: the tables whose rows are summed\n\
         core/b.sql: `sums` names m, which is no column\n\
         core/b.sql: y is neither in `grain` nor in `sums`\n\
         core/b.sql: `touched` reads changed.core__a: what a table of `sums` follows has to be in its `slice`"
    );
    let sql = "-- name: core.b\n-- kind: table\n-- partition: x\n-- touched: select x, x from changed.core__c\n\
               -- slice: core.a\n-- sums: n\n-- grain: x\n-- columns:\n--   x: x\n--   n: n\n\
               select a.x, count(*) as n from core.a as a join core.c as c on c.x = a.x group by a.x";
    let c = A.replace("core.a", "core.c");
    assert_eq!(
        problems(&[
            ("core/b.sql", sql),
            ("core/a.sql", A),
            ("core/c.sql", &c),
            ("staging/k1/e.sql", S1)
        ]),
        "core/b.sql: `touched` reads changed.core__c: what a table of `sums` follows has to be in its `slice`"
    );
}

#[test]
fn compares_described_columns_with_selected_ones() {
    let model = |columns: &str, select: &str| {
        format!("-- name: core.b\n-- kind: view\n-- columns:\n{columns}\n{select}")
    };
    let check = |columns: &str, select: &str| {
        let sql = model(columns, select);
        problems(&[("core/b.sql", &sql), ("core/a.sql", A), ("staging/k1/e.sql", S1)])
    };
    let two = "--   x: x\n--   y: y";
    assert_eq!(check(two, "select x, 1 as y from core.a"), "");
    assert_eq!(check(two, "with f as (select *, 1 as y from core.a) select * from f"), "");
    assert_eq!(check(two, "select a.*, 1 as y from core.a a union all select 1, 2"), "");
    assert_eq!(
        check(two, "select x from core.a"),
        "core/b.sql: columns are described but not selected: y"
    );
    assert_eq!(
        check(two, "select 1 as y, x, 2 as w from core.a"),
        "core/b.sql: columns are selected but not described: w"
    );
    assert_eq!(
        check(two, "select x, count(*) from core.a"),
        "core/b.sql: `count(*)` has no name: write `as name`"
    );
    assert_eq!(
        check(two, "select 1 as y, x from core.a"),
        "core/b.sql: the described columns are in another order than selected: y, x"
    );
}

#[test]
fn refuses_wrong_references() {
    let model = |name: &str, from: &str| {
        format!("-- name: {name}\n-- kind: view\n-- columns:\n--   x: x\nselect x from {from}")
    };
    let files = [
        ("staging/k1/e.sql", model("staging.k1__e", "core.a")),
        ("core/a.sql", model("core.a", "marts.m")),
        ("core/c.sql", model("core.c", "raw.erp__product")),
        ("core/d.sql", model("core.d", "staging.all__nothing")),
        ("core/e.sql", model("core.e", "raw.scans__event")),
        ("marts/m.sql", model("marts.m", "core.a")),
        ("marts/n.sql", model("marts.n", "core.absent")),
        ("marts/o.sql", model("marts.o", "somewhere")),
        ("elsewhere/p.sql", model("marts.p", "core.a")),
    ];
    let files: Vec<_> = files.iter().map(|(path, sql)| (*path, sql.as_str())).collect();
    assert_eq!(
        problems(&files),
        "staging/k1/e.sql: staging may not read core.a: it reads current\n\
         core/a.sql: core may not read marts.m: it reads staging, core, reference, rules\n\
         core/c.sql: core may not read raw.erp__product: it reads staging, core, reference, rules\n\
         marts/o.sql: table `somewhere` has no schema: write schema.table\n\
         elsewhere/p.sql: files belong into one of staging, core, marts, audits, lookup, recall, reports, trace\n\
         core/d.sql: staging.all__nothing: there is no such staging model to unite\n\
         marts/n.sql: core.absent: there is no such model\n\
         core/a.sql: models read in a circle: core.a -> marts.m -> core.a"
    );
}

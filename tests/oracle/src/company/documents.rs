//! Work orders with their materials, orders, deliveries, receipts.

use rand::{Rng, RngExt};

use super::Company;
use super::chain::{local, pick, written};
use super::masters::{DEALERS, PLACES};

/// Adds the documents.
pub fn add(company: &mut Company, prefix: &str, random: &mut impl Rng) {
    for number in 1..=3 {
        work_order(company, prefix, number, random);
    }
    suppliers(company, prefix, random);
    for number in 1..=DEALERS {
        for again in 1..=2 {
            order(company, prefix, number, again, random);
        }
    }
}

fn work_order(company: &mut Company, prefix: &str, number: usize, random: &mut impl Rng) {
    let (no, product) = (format!("{prefix}WO{number}"), format!("{prefix}P{number}"));
    let batch = format!("{prefix}B{number}");
    company.put(
        "work_order",
        &[
            ("work_order_no", &no),
            ("product_code", &product),
            ("batch_no", &batch),
            ("planned_qty", "16"),
            ("line", "L1"),
            ("workshop", "一车间"),
            ("factory", "一厂"),
            ("status", "approved"),
        ],
    );
    let received = local(*pick(random, &[1, 2]), random.random_range(1..28), 18, 0, 0);
    for line in 1..=random.random_range(1..=2) {
        let qty = random.random_range(4..14).to_string();
        company.put(
            "product_receipt",
            &[
                ("receipt_no", &format!("{prefix}R{number}")),
                ("line_no", &line.to_string()),
                ("work_order_no", &no),
                ("product_code", &product),
                ("batch_no", &batch),
                ("base_qty", &qty),
                ("received_at", &written(received)),
            ],
        );
    }
}

fn suppliers(company: &mut Company, prefix: &str, random: &mut impl Rng) {
    for number in 1..=2 {
        company.put(
            "supplier",
            &[("supplier_code", &format!("{prefix}V{number}")), ("name", "供应商")],
        );
    }
    for order in 1..=3 {
        let no = format!("{prefix}WO{order}");
        for material in 1..=2 {
            let lot = random.random_range(1..=2);
            company.put(
                "material_issue",
                &[
                    ("work_order_no", &no),
                    ("material_code", &format!("{prefix}K{material}")),
                    ("lot_no", &format!("{prefix}LOT{material}{lot}")),
                    ("qty", "10.5"),
                    ("supplier_code", &format!("{prefix}V{material}")),
                ],
            );
        }
    }
    // The third batch is a semi-finished lot of the first.
    company.put(
        "material_issue",
        &[
            ("work_order_no", &format!("{prefix}WO1")),
            ("material_code", &format!("{prefix}P3")),
            ("lot_no", &format!("{prefix}B3")),
            ("qty", "2"),
        ],
    );
    for material in 1..=2 {
        for lot in 1..=2 {
            let at = local(1, random.random_range(2..20), 9, lot, 0);
            company.put(
                "inspection",
                &[
                    ("subject", &format!("{prefix}K{material}")),
                    ("lot_no", &format!("{prefix}LOT{material}{lot}")),
                    ("stage", "incoming"),
                    ("result", *pick(random, &["pass", "fail"])),
                    ("inspected_at", &written(at)),
                ],
            );
        }
    }
    for batch in 1..=3 {
        let at = local(2, random.random_range(2..20), 9, 0, 0);
        company.put(
            "inspection",
            &[
                ("subject", &format!("{prefix}P{batch}")),
                ("batch_no", &format!("{prefix}B{batch}")),
                ("stage", "shipping"),
                ("result", *pick(random, &["pass", "pass", "fail"])),
                ("inspected_at", &written(at)),
            ],
        );
    }
}

/// The number of a dealer's order; its delivery ends in `D`.
pub fn order_no(prefix: &str, dealer: usize, again: usize) -> String {
    format!("{prefix}SO{dealer}-{again}")
}

fn order(company: &mut Company, prefix: &str, dealer: usize, again: usize, random: &mut impl Rng) {
    let no = order_no(prefix, dealer, again);
    let code = format!("{prefix}D{dealer}");
    let status = *pick(random, &["", "approved", "closed", "approved", "draft", "cancelled"]);
    let (region, address) = *pick(random, &PLACES);
    let by_address = random.random_bool(0.4);
    let at = match random.random_range(0..6) {
        0 => local(2, 28, 23, 59, 59),
        1 => local(3, 1, 0, 0, 0),
        _ => local(random.random_range(1..=3), random.random_range(1..28), 10, 0, 0),
    };
    company.put(
        "sales_order",
        &[
            ("order_no", &no),
            ("dealer_code", &code),
            ("ordered_at", &written(at)),
            ("status", status),
            ("ship_to_region", if by_address { "" } else { region }),
            (
                "ship_to_address",
                &if by_address { format!("{address}解放路3号") } else { String::new() },
            ),
        ],
    );
    let delivery = format!("{no}D");
    let shipped = written(local(random.random_range(2..=3), random.random_range(1..28), 15, 0, 0));
    let is_delivered = random.random_bool(0.8);
    if is_delivered {
        company.put(
            "delivery",
            &[
                ("delivery_no", &delivery),
                ("order_no", &no),
                ("dealer_code", &code),
                ("warehouse_code", &format!("{prefix}W1")),
                ("shipped_at", &shipped),
            ],
        );
    }
    let main = random.random_range(1..=2);
    for line in 1..=random.random_range(1..=3) {
        // The third line may be of the first one's product.
        let product = format!("{prefix}P{}", if line % 2 == 1 { main } else { 3 });
        let cases = random.random_range(0..=3);
        let (qty, base) = (cases.to_string(), (cases * 4).to_string());
        let amount = format!("{}.{}0", cases * 400, random.random_range(0..=9));
        let line = line.to_string();
        company.put(
            "sales_order_line",
            &[
                ("order_no", &no),
                ("line_no", &line),
                ("product_code", &product),
                ("qty", &qty),
                ("unit", "箱"),
                ("base_qty", &base),
                ("price", "100"),
                ("amount", &amount),
                ("currency", "CNY"),
            ],
        );
        if is_delivered && random.random_bool(0.8) {
            company.put(
                "delivery_line",
                &[
                    ("delivery_no", &delivery),
                    ("line_no", &line),
                    ("order_no", &no),
                    ("order_line_no", &line),
                    ("product_code", &product),
                    ("qty", &qty),
                    ("unit", "箱"),
                    ("base_qty", &base),
                ],
            );
        }
    }
}

//! CSV files in, rows and refusals out.

#![allow(unreachable_pub, clippy::unwrap_used)]

mod folder;

use std::fs;

use crate::folder::Folder;

async fn check(stream: &str, content: impl AsRef<[u8]>, wanted: &str) {
    let folder = Folder::new().with(&format!("{stream}.csv"), content);
    assert_eq!(folder.read(stream).await, wanted);
}

const PRODUCT: &str = "P1|乳液|-|-|瓶|24.0000000000|-|-|-|-\n";

#[tokio::test]
async fn every_encoding_gives_the_same_rows() {
    let text = "product_code,name,base_unit,items_per_case\nP1,乳液,瓶,24\n";
    let (gb18030, _, _) = encoding_rs::GB18030.encode(text);
    check("product", text, PRODUCT).await;
    check("product", format!("\u{feff}{text}"), PRODUCT).await;
    check("product", &gb18030, PRODUCT).await;
    check("product", text.replace('\n', "\r\n"), PRODUCT).await;
    check("product", text.trim_end(), PRODUCT).await;

    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.bytes()).collect();
    check(
        "product",
        utf16,
        "Config: reading product.csv: it is encoded in UTF-16 -> save it as CSV UTF-8, or as XLSX\n",
    )
    .await;
    let strict = Folder::configured("encoding = 'utf-8'").with("product.csv", &gb18030);
    assert!(strict.read("product").await.contains("it is not valid UTF-8"));
}

#[tokio::test]
async fn headers_are_forgiving_and_other_columns_are_kept() {
    check(
        "product",
        "备注, ＰＲＯＤＵＣＴ＿ＣＯＤＥ ,Name,\n促销,P1, 乳液 ,x\n,P2,面霜,\n,,,\n",
        "P1|乳液|-|-|-|-|-|-|-|{\"备注\":\"促销\",\"column_4\":\"x\"}\nP2|面霜|-|-|-|-|-|-|-|-\n",
    )
    .await;
    check(
        "product",
        "product_code,name,NAME\nP1,a,b\n",
        "Config: reading product.csv: the column NAME stands twice in the header, at 2 and 3 -> \
         rename or delete one of the two columns NAME in product.csv\n",
    )
    .await;
    check(
        "product",
        "code,name\nP1,a\n",
        "Config: reading product.csv: the header lacks product_code; it has code, name -> \
         add the column product_code to the first row of product.csv\n",
    )
    .await;
}

#[tokio::test]
async fn garbage_is_rejected_where_it_stands() {
    check(
        "sales_order_line",
        "order_no,line_no,qty\nO1,1,many\nO1,2,3\nO1,3,\"1,000\"\n,4,1\nO1,5\nO1,6,1,1\nO1,2,4\n",
        "O1|2|-|3.0000000000|-|-|-|-|-|-|-|-\n\
         O1|3|-|1000.0000000000|-|-|-|-|-|-|-|-\n\
         bad_decimal sales_order_line.csv:2:qty: qty: `many` should be a number such as 12.50 with \
         at most 18 digits before and 10 after the point\n\
         missing_key sales_order_line.csv:5:order_no: order_no: is empty, but it names the row\n\
         wrong_width sales_order_line.csv:6: the row has 2 cells, the header 3; look for a missing \
         or surplus comma or quote\n\
         wrong_width sales_order_line.csv:7: the row has 4 cells, the header 3; look for a missing \
         or surplus comma or quote\n\
         duplicate_key sales_order_line.csv:8:order_no: line 3 has the same key; keep one of the \
         two\n",
    )
    .await;
    check(
        "store",
        "store_code,longitude\nS1,116.391312345678\nS2,far\n",
        "S1|-|-|-|-|116.3913123456|-|-\n\
         bad_degrees store.csv:3:longitude: longitude: `far` should be degrees between -180 and 180, \
         such as 116.3913\n",
    )
    .await;
    check(
        "territory",
        "dealer_code,region_code,valid_from,valid_to\nD1,330100,,2026/12/31\nD2,330200,soon,\n",
        "D1|-|-|-|330100|-|2026-12-31|-\n\
         bad_date territory.csv:3:valid_from: valid_from: `soon` should be a date such as \
         2026-03-02\n",
    )
    .await;
    check(
        "delivery",
        "delivery_no,shipped_at\nX1,2026-03-02 08:00\nX2,#N/A\nX3,yesterday\n",
        "X1|-|-|-|-|-|2026-03-02T00:00:00Z|-\n\
         sheet_error delivery.csv:3:shipped_at: shipped_at: `#N/A` should be a value; the \
         spreadsheet's formula failed\n\
         bad_datetime delivery.csv:4:shipped_at: shipped_at: `yesterday` should be a time such as \
         2026-03-02 08:30:00 or 2026-03-02T08:30:00+08:00\n",
    )
    .await;
}

#[tokio::test]
async fn rejects_of_every_form_decode_to_themselves() {
    let folder = Folder::new().with(
        "sales_order_line.csv",
        "order_no,line_no,qty,备注\nO1,1,many,x\nO1,2\nO1,3,1,y,z\n,4,1,\n",
    );
    let pages = folder.pages("sales_order_line", None).await.unwrap();
    let rejects: Vec<_> = pages.into_iter().flat_map(|page| page.rows.rejects).collect();
    let payloads: Vec<_> = rejects.iter().map(|reject| reject.payload.clone()).collect();
    let again = folder.system().decode("sales_order_line", &payloads).unwrap();
    let shown = |rejects: &[yuanliu_contract::RejectedRow]| -> Vec<_> {
        rejects.iter().map(|r| (r.reason, r.message.clone(), r.payload.clone())).collect()
    };
    assert_eq!(rejects.len(), 4);
    assert_eq!(shown(&again.rejects), shown(&rejects));
    let garbage = folder.system().decode("product", &["not json".to_owned(), "[1]".to_owned()]);
    assert_eq!(garbage.unwrap().rejects.len(), 2);
}

#[tokio::test]
async fn large_cells_are_read_and_unclosed_quotes_are_found() {
    let long = "长".repeat(350_000);
    let folder = Folder::new().with("product.csv", format!("product_code,name\nP1,{long}\n"));
    assert!(folder.read("product").await.contains(&long));

    let code = "9".repeat(1 << 20);
    let folder = Folder::new().with("product.csv", format!("product_code\n{code}\nP2\n"));
    let shown = folder.read("product").await;
    assert!(shown.starts_with("P2|"), "{}", &shown[..80]);
    assert!(shown.contains(
        "key_too_long product.csv:2:product_code: product_code: has 1048576 characters, should \
         have at most 400"
    ));

    let endless = format!("product_code,name\nP1,\"open\n{}", "P2,x\n".repeat(1 << 20));
    check(
        "product",
        endless,
        "Config: reading product.csv: it holds a record of more than 4 MiB -> look for a quote \
         that is never closed in product.csv\n",
    )
    .await;
}

#[tokio::test]
async fn half_written_files_are_not_taken_for_whole_ones() {
    for (content, found) in [
        ("", "it is empty; its first line should be the header"),
        ("product_code,name\nP1,\"half", "it ends inside a quoted field"),
        ("product_code,name\nP1,a\nP2", "its last line has 1 of 2 cells and no line end"),
    ] {
        let folder = Folder::new().with("product.csv", content);
        let mut source = folder.system().read("product", None, &Default::default()).await.unwrap();
        let error = source.next_page().await.unwrap_err();
        assert_eq!(error.kind, yuanliu_contract::ErrorKind::Busy, "{content}");
        assert_eq!(error.detail.as_deref(), Some(found));
        // The writer gets ready; the same source is asked again.
        fs::write(folder.path("product.csv"), "product_code,name\nP1,a\nP2,b\n").unwrap();
        let page = source.next_page().await.unwrap().unwrap();
        assert_eq!(page.rows.batch.num_rows(), 2);
    }
}

#[tokio::test]
async fn unchanged_files_are_not_read_again() {
    let text = "product_code,name\nP1,a\nP2,b\n";
    let folder = Folder::new().with("product.csv", text);
    let first = folder.pages("product", None).await.unwrap();
    let cursor = first.last().unwrap().cursor.clone();
    assert!(folder.pages("product", Some(&cursor)).await.unwrap().is_empty());

    // Touched but the same: the position moves, no row is read.
    fs::remove_file(folder.path("product.csv")).unwrap();
    let folder = folder.with("product.csv", text);
    let touched = folder.pages("product", Some(&cursor)).await.unwrap();
    assert!(touched.iter().all(|page| page.rows.batch.num_rows() == 0));

    let folder = folder.with("product.csv", "product_code,name\nP1,a\nP2,c\n");
    let changed = folder.pages("product", Some(&cursor)).await.unwrap();
    assert_eq!(changed.iter().map(|page| page.rows.batch.num_rows()).sum::<usize>(), 2);

    fs::remove_file(folder.path("product.csv")).unwrap();
    assert!(folder.pages("product", Some(&cursor)).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_folder_itself_may_be_wrong() {
    let folder = Folder::new();
    fs::remove_dir(folder.path("")).unwrap();
    let shown = folder.read("product").await;
    assert!(shown.starts_with("NotFound: opening folder"), "{shown}");
    assert!(!folder.system().check().await.unwrap().is_ok());

    let folder = Folder::new()
        .with("product.csv", "product_code\nP1\n")
        .with("Product.XLSX", "")
        .with("~$product.xlsx", "")
        .with("products.csv", "")
        .with("notes.txt", "");
    assert_eq!(
        folder.read("product").await,
        "Config: reading Product.XLSX and product.csv: both hold the table product -> keep one of \
         Product.XLSX and product.csv and move the other out of the folder\n"
    );
    let report = folder.system().check().await.unwrap();
    let bad: Vec<_> = report.items.iter().filter(|i| !i.ok).map(|i| i.what.as_str()).collect();
    assert_eq!(bad, ["file Product.XLSX", "file product.csv", "file products.csv"]);
}

//! Products, dealers, territories, stores and people.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use super::{Frame, names, stream};
use crate::dice::Dice;
use crate::exact::Exact;
use crate::model::{
    Dealer, Employee, IncentiveRate, Material, Product, Promoter, Store, Supplier, Territory,
    Warehouse,
};
use crate::place::{Level, Place};

/// Day on which one dealer's territory moves and rates change.
const CHANGE_DAY: u64 = 90;

/// Channel of ordinary dealers.
pub(crate) const DISTRIBUTION: &str = "distribution";
/// Channel whose territory is the whole country.
pub(crate) const ECOMMERCE: &str = "ecommerce";

/// Position of the dealer whose goods are diverted.
pub(crate) const DIVERTER: usize = 0;
/// Position of the dealer that sells online.
pub(crate) const ONLINE: usize = 1;
/// Position of the dealer whose territory moves.
const MOVER: usize = 4;

/// All masters.
pub(crate) struct Masters {
    pub(crate) products: Vec<Product>,
    pub(crate) materials: Vec<Material>,
    pub(crate) suppliers: Vec<Supplier>,
    pub(crate) dealers: Vec<Dealer>,
    pub(crate) territories: Vec<Territory>,
    pub(crate) stores: Vec<Store>,
    pub(crate) promoters: Vec<Promoter>,
    pub(crate) employees: Vec<Employee>,
    pub(crate) warehouses: Vec<Warehouse>,
    pub(crate) rates: Vec<IncentiveRate>,
}

/// Makes all masters.
pub(crate) fn masters(frame: &Frame, places: &[Place]) -> Masters {
    let mut dice = Dice::new(frame.seed, stream::MASTERS);
    let scale = frame.scale as usize;
    let products = products((4 + scale / 5).min(names::PRODUCTS.len()));
    let suppliers = suppliers(&mut dice, places);
    let first_level = (8 + scale / 5).min(60);
    let mut dealers = first_level_dealers(&mut dice, places, first_level);
    let mut territories = first_level_territories(frame, places, &dealers);
    second_level(places, &mut dealers, &mut territories, first_level / 2);
    let change = frame.start.checked_add_days(Days::new(CHANGE_DAY)).unwrap_or(frame.start);
    extra_rules(&products, &dealers, places, &mut territories);
    let stores = stores(&mut dice, places, &dealers, &territories);
    let promoters = promoters(&mut dice, &stores);
    Masters {
        rates: rates(frame.start, change, &products),
        materials: materials(suppliers.len()),
        employees: employees(&mut dice),
        warehouses: warehouses(&mut dice, places),
        products,
        suppliers,
        dealers,
        territories,
        stores,
        promoters,
    }
}

fn products(count: usize) -> Vec<Product> {
    let product = |(at, &(category, name, spec, items, cases, price)): (usize, &_)| Product {
        code: format!("01.{:02}.{:04}", at % 3 + 1, at + 1),
        name: String::from(name),
        spec: String::from(spec),
        category: String::from(category),
        items_per_case: items,
        cases_per_pallet: cases,
        case_price: Exact::cents(price),
        materials: names::recipe(category),
    };
    let all: &[(&str, &str, &str, u32, u32, i64)] = names::PRODUCTS;
    all.iter().take(count).enumerate().map(product).collect()
}

fn materials(suppliers: usize) -> Vec<Material> {
    let material =
        |(at, (name, unit, thousandths)): (usize, &(&'static str, &'static str, i64))| Material {
            code: format!("03.01.{:04}", at + 1),
            name: (*name).to_owned(),
            unit,
            per_item: Exact { units: *thousandths, scale: 3 },
            supplier: at % suppliers.max(1),
        };
    names::MATERIALS.iter().enumerate().map(material).collect()
}

fn suppliers(dice: &mut Dice, places: &[Place]) -> Vec<Supplier> {
    let supplier = |at: usize| {
        let place = dice.below(places.len());
        let city = places.get(place).map_or("", |place| place.city.trim_end_matches('市'));
        let house = names::HOUSES.get(at % names::HOUSES.len()).copied().unwrap_or_default();
        Supplier {
            code: format!("VEN{:05}", at + 1),
            name: format!("{city}{house}包装材料有限公司"),
            place,
        }
    };
    (0..5).map(supplier).collect()
}

/// Dealers that buy from the company, each drawn around another city.
fn first_level_dealers(dice: &mut Dice, places: &[Place], count: usize) -> Vec<Dealer> {
    let mut order: Vec<usize> = (0..places.len()).collect();
    dice.shuffle(&mut order);
    let mut cities = BTreeSet::new();
    let distinct =
        |&at: &usize| places.get(at).is_some_and(|place| cities.insert(place.region(Level::City)));
    let homes: Vec<usize> = order.iter().copied().filter(distinct).take(count).collect();
    let mut dealers = Vec::with_capacity(homes.len());
    for (at, &home) in homes.iter().enumerate() {
        // One in four has its office in another city than its territory.
        let place = if at % 4 == 0 { dice.pick(&order).copied().unwrap_or(home) } else { home };
        dealers.push(Dealer {
            code: format!("C{:05}", at + 1),
            name: dealer_name(places, place, at, "商贸有限公司"),
            level: 1,
            parent: None,
            place,
            home,
            channel: if at == ONLINE { ECOMMERCE } else { DISTRIBUTION },
        });
    }
    dealers
}

fn dealer_name(places: &[Place], place: usize, at: usize, suffix: &str) -> String {
    let city = places.get(place).map_or("", |place| place.city.trim_end_matches('市'));
    let house = names::HOUSES.get(at % names::HOUSES.len()).copied().unwrap_or_default();
    format!("{city}{house}{suffix}")
}

fn rule(dealer: usize, region_code: String) -> Territory {
    Territory {
        dealer,
        product: None,
        category: None,
        channel: None,
        region_code,
        valid_from: None,
        valid_to: None,
    }
}

/// City, province and county territories, and one that moves to another city.
fn first_level_territories(frame: &Frame, places: &[Place], dealers: &[Dealer]) -> Vec<Territory> {
    let mut rules = Vec::new();
    for (at, dealer) in dealers.iter().enumerate() {
        let Some(home) = places.get(dealer.home) else { continue };
        let level = match at % 3 {
            0 => Level::City,
            1 => Level::Province,
            _ => Level::County,
        };
        let first = rule(at, home.region(level));
        if at == MOVER {
            let change = Days::new(CHANGE_DAY);
            let to = frame.start.checked_add_days(change);
            let last = to.and_then(|day| day.pred_opt());
            rules.push(Territory { valid_from: Some(frame.start), valid_to: last, ..first });
            let next = dealers.last().and_then(|dealer| places.get(dealer.home)).unwrap_or(home);
            rules.push(Territory { valid_from: to, ..rule(at, next.region(Level::City)) });
        } else if at % 5 == 3 {
            rules.push(Territory { valid_from: Some(frame.start), ..first });
        } else {
            rules.push(first);
        }
    }
    rules
}

/// Dealers below the ordinary ones, each with one county of the parent's territory.
fn second_level(
    places: &[Place],
    dealers: &mut Vec<Dealer>,
    rules: &mut Vec<Territory>,
    count: usize,
) {
    let first_level = dealers.len();
    let parents = (0..first_level).filter(|at| ![DIVERTER, ONLINE, MOVER].contains(at));
    for parent in parents.take(count) {
        let region = rules.iter().find(|rule| rule.dealer == parent);
        let inside = |(_, place): &(usize, &Place)| {
            region.is_some_and(|rule| place.within(&rule.region_code))
        };
        let Some((home, place)) = places.iter().enumerate().rfind(inside) else {
            continue;
        };
        let at = dealers.len();
        rules.push(rule(at, place.region_code.clone()));
        dealers.push(Dealer {
            code: format!("C{:05}", at + 1),
            name: dealer_name(places, home, at, "经营部"),
            level: 2,
            parent: Some(parent),
            place: home,
            home,
            channel: DISTRIBUTION,
        });
    }
}

/// Rules for one product, one category and one channel; they add to the general ones.
fn extra_rules(
    products: &[Product],
    dealers: &[Dealer],
    places: &[Place],
    rules: &mut Vec<Territory>,
) {
    let province = |dealer: usize| {
        let home = dealers.get(dealer).and_then(|dealer| places.get(dealer.home));
        home.map(|home| home.region(Level::Province)).unwrap_or_default()
    };
    if let Some(category) = products.get(1).map(|product| product.category.clone()) {
        rules.push(Territory { category: Some(category), ..rule(2, province(2)) });
    }
    rules.push(Territory { product: Some(2), ..rule(3, province(3)) });
    rules.push(Territory { channel: Some(DISTRIBUTION), ..rule(5, province(5)) });
}

/// Stores in the territories: the first at the dealer's home, the others around it.
fn stores(
    dice: &mut Dice,
    places: &[Place],
    dealers: &[Dealer],
    rules: &[Territory],
) -> Vec<Store> {
    let mut stores = Vec::new();
    for (at, dealer) in dealers.iter().enumerate() {
        if dealer.channel == ECOMMERCE {
            continue;
        }
        let region = rules.iter().find(|rule| rule.dealer == at);
        let around: Vec<usize> = (0..places.len())
            .filter(|&place| match (places.get(place), region) {
                (Some(place), Some(rule)) => place.within(&rule.region_code),
                _ => false,
            })
            .collect();
        for number in 0..3 {
            // A dealer whose territory moves keeps its stores where they stay lawful: at home.
            let elsewhere = if at == MOVER { None } else { dice.pick(&around).copied() };
            let place = if number == 0 { dealer.home } else { elsewhere.unwrap_or(dealer.home) };
            let county = places.get(place).map_or("", |place| place.county.as_str());
            let house = dice.pick(names::HOUSES).copied().unwrap_or_default();
            let kind = dice.pick(names::STORES).copied().unwrap_or_default();
            stores.push(Store {
                code: format!("S{:05}", stores.len() + 1),
                name: format!("{county}{house}{kind}"),
                dealer: at,
                place,
                region_known: stores.len() % 4 != 3,
            });
        }
    }
    stores
}

fn person(dice: &mut Dice) -> String {
    let surname = dice.pick(names::SURNAMES).copied().unwrap_or_default();
    format!("{surname}{}", dice.pick(names::GIVEN).copied().unwrap_or_default())
}

fn promoters(dice: &mut Dice, stores: &[Store]) -> Vec<Promoter> {
    let mut promoters = Vec::new();
    for (store, _) in stores.iter().enumerate() {
        for _ in 0..1 + dice.below(2) {
            promoters.push(Promoter {
                code: format!("PR{:05}", promoters.len() + 1),
                name: person(dice),
                store,
            });
        }
    }
    promoters
}

fn employees(dice: &mut Dice) -> Vec<Employee> {
    let departments = ["生产部", "品质部", "仓储部", "销售部"];
    let employee = |at: usize| Employee {
        code: format!("E{:04}", at + 1),
        name: person(dice),
        department: departments.get(at % departments.len()).copied().unwrap_or_default(),
    };
    (0..16).map(employee).collect()
}

fn warehouses(dice: &mut Dice, places: &[Place]) -> Vec<Warehouse> {
    let warehouse = |(at, name): (usize, &&str)| Warehouse {
        code: format!("CK{:03}", at + 1),
        name: (*name).to_owned(),
        place: dice.below(places.len()),
    };
    ["成品仓", "中转仓", "原料仓"].iter().enumerate().map(warehouse).collect()
}

fn rates(start: NaiveDate, change: NaiveDate, products: &[Product]) -> Vec<IncentiveRate> {
    let mut rates = Vec::new();
    for (product, made) in products.iter().enumerate() {
        let amount = made.case_price.units / i64::from(made.items_per_case) / 50;
        rates.push(IncentiveRate {
            product,
            valid_from: start,
            valid_to: change.pred_opt(),
            amount: Exact::cents(amount),
        });
        rates.push(IncentiveRate {
            product,
            valid_from: change,
            valid_to: None,
            amount: Exact::cents(amount + 10),
        });
    }
    rates
}

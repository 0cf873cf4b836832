//! The documents as the trace index asks for them.

use std::borrow::Cow;

use yuanliu_trace_index::{Dealer, Delivery, Documents, Party, Store, WorkOrder};

use super::Knowledge;

fn borrowed(text: &Option<String>) -> Option<Cow<'_, str>> {
    text.as_deref().map(Cow::Borrowed)
}

impl Documents for Knowledge {
    fn party(&self, code: &str) -> Party<'_> {
        let dealer = self.dealers.get(code);
        let store = self.stores.get(code);
        Party {
            dealer: dealer.map(|dealer| Dealer { channel: borrowed(&dealer.channel) }),
            store: store.map(|store| Store { dealer_code: borrowed(&store.dealer_code) }),
            is_warehouse: self.warehouses.contains(code),
        }
    }

    fn delivery(&self, delivery_no: &str) -> Option<Delivery<'_>> {
        let delivery = self.deliveries.get(delivery_no)?;
        Some(Delivery {
            dealer_code: borrowed(&delivery.dealer_code),
            order_no: borrowed(&delivery.order_no),
            product_code: borrowed(&delivery.product_code),
        })
    }

    fn order_dealer(&self, order_no: &str) -> Option<Cow<'_, str>> {
        borrowed(&self.orders.get(order_no)?.dealer_code)
    }

    fn work_order(&self, name: &str) -> Option<WorkOrder<'_>> {
        let order = self.work_orders.get(name)?;
        Some(WorkOrder {
            work_order_no: Cow::Borrowed(&order.work_order_no),
            product_code: borrowed(&order.product_code),
            batch_no: borrowed(&order.batch_no),
        })
    }
}

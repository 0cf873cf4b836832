//! Lists as they are sent: `{items, next_cursor}`.

/// Declares the document of a list.
macro_rules! list {
    ($(#[$doc:meta])* $name:ident of $item:ty) => {
        $(#[$doc])*
        #[derive(Debug, serde::Serialize, utoipa::ToSchema)]
        pub(crate) struct $name {
            /// The items.
            items: Vec<$item>,
            /// Give this as `cursor` for the next page; null: these are the last items.
            next_cursor: Option<String>,
        }

        impl From<(Vec<$item>, Option<String>)> for $name {
            fn from((items, next_cursor): (Vec<$item>, Option<String>)) -> Self {
                Self { items, next_cursor }
            }
        }

        impl From<Vec<$item>> for $name {
            fn from(items: Vec<$item>) -> Self {
                Self { items, next_cursor: None }
            }
        }
    };
}

pub(crate) use list;

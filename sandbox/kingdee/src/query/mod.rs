//! The query language: field keys, filters, order, paging.
//!
//! Pure functions over a [`Dataset`](crate::data::Dataset); nothing here knows HTTP or faults.

mod columns;
mod evaluate;
mod filter_array;
mod lexer;
mod parser;
mod select;

pub(crate) use select::{QueryRequest, RowShape, select};

use crate::reply::code;

/// Why a query was refused; becomes a business error inside HTTP 200.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum QueryError {
    #[error("业务对象标识不能为空")]
    NoForm,
    #[error("业务对象标识“{0}”不存在")]
    UnknownForm(String),
    #[error("查询字段不能为空")]
    NoFields,
    #[error("元数据中标识为{0}的字段不存在")]
    UnknownField(String),
    #[error("过滤条件错误：{0}")]
    Filter(String),
    #[error("参数错误：{0}")]
    Parameter(String),
    #[error("单次查询行数不能超过{0}")]
    OverCap(usize),
}

impl QueryError {
    /// The `MsgCode` that goes with it.
    pub(crate) fn code(&self) -> i32 {
        match self {
            Self::NoForm => code::FORM_EMPTY,
            Self::UnknownForm(_) | Self::UnknownField(_) => code::NOT_EXIST,
            Self::Filter(_) => code::DATABASE,
            Self::NoFields | Self::Parameter(_) | Self::OverCap(_) => code::BAD_PARAMETER,
        }
    }
}

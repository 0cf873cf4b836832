//! Computing only those rows of touched partitions that a change reaches.
//!
//! Where a model's `touched` query names keys beside partitions, the rows of all other keys stay as they are. Rows of
//! the keys are computed and replace those that stand ([`super::piece`]).

use datafusion::prelude::DataFrame;

use super::BuildError;
use super::keys::Keys;
use super::piece::{Piece, Sides, if_it_fits};
use super::rebuild::Computed;
use super::row_order::order_of;
use super::shared_rows::{SharedTables, rows_of_keys};

/// The rows of some keys of a piece.
pub(crate) struct Narrowed<'a> {
    pub(crate) piece: Piece<'a>,
    pub(crate) keys: &'a Keys,
    /// The frame's inputs, of which the rows of the keys are read once.
    pub(super) shared: &'a SharedTables,
}

impl Narrowed<'_> {
    /// Runs `frame`, which yields the whole piece, for the keys, and writes what comes out otherwise.
    ///
    /// Computed rows and those they replace are held in memory until then; false, and nothing is
    /// done, if they are too many.
    pub(crate) async fn compute(
        &self,
        frame: DataFrame,
        computed: &mut Computed,
    ) -> Result<bool, BuildError> {
        let piece = &self.piece;
        let order = order_of(&frame);
        let reached = frame.filter(self.keys.reached()).map_err(piece.failed())?;
        let is_read = self.shared.read(&reached, piece.scope.lake(), piece.bytes_max).await;
        let is_read = is_read.map(|is_read| is_read.then_some(())).map_err(piece.failed());
        let Some(()) = if_it_fits(is_read)? else { return Ok(false) };
        let Some(now) = if_it_fits(piece.computed_rows(reached).await)? else { return Ok(false) };
        self.shared.clear();
        let files = piece.files()?;
        let before = rows_of_keys(piece.scope.lake(), piece.standing_files(&files)?, self.keys);
        let before = before.await.map_err(piece.failed())?;
        let Some(before) = if_it_fits(piece.standing_rows(before).await)? else { return Ok(false) };
        piece.replace(Sides { before, now }, &files, &order, computed).await?;
        Ok(true)
    }
}

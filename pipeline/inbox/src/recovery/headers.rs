//! Reading the headers of all segments.

use std::io;

use super::{Found, Recoverer, usize_of};
use crate::error::InboxError;
use crate::frame::read_frame;
use crate::segment::{
    HEADER_BEGIN_BYTES, SegmentHeader, header_length, name_of, number_of, read_header,
};

impl Recoverer<'_> {
    /// The headers of all segments by number.
    pub(super) fn headers(&mut self) -> Result<Vec<Found>, InboxError> {
        let listed =
            self.disk.list().map_err(InboxError::disk("list the folder", &self.options.folder))?;
        let mut numbers: Vec<u64> = listed
            .iter()
            .filter_map(|name| number_of(name).filter(|number| name_of(*number) == *name))
            .collect();
        numbers.sort_unstable();
        let mut found = Vec::with_capacity(numbers.len());
        for (at, number) in numbers.iter().enumerate() {
            let name = name_of(*number);
            let path = self.path(&name);
            let (bytes, length) =
                self.head(&name).map_err(InboxError::disk("read the header of", &path))?;
            match read_header(&path, &bytes) {
                Ok((header, _)) if header.number != *number => {
                    let problem = format!("it is segment {} under another name", header.number);
                    return Err(InboxError::damaged(&path, 0, problem));
                }
                Ok((header, header_length)) => {
                    found.push(Found { name, path, header, header_length, length });
                }
                Err(InboxError::Damaged { .. })
                    if at + 1 == numbers.len() && self.is_unborn(*number, at, &name, length)? =>
                {
                    self.cut_bytes += length;
                    self.remove(&name)?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }

    /// Enough bytes to hold the header, and the length of the file.
    fn head(&self, name: &str) -> io::Result<(Vec<u8>, u64)> {
        let mut file = self.disk.open(name)?;
        let length = file.length()?;
        let mut bytes = vec![0; HEADER_BEGIN_BYTES.min(usize_of(length))];
        file.read_at(0, &mut bytes)?;
        bytes.resize(header_length(&bytes).min(usize_of(length)), 0);
        file.read_at(0, &mut bytes)?;
        Ok((bytes, length))
    }

    /// Whether a last segment without a header is one that a crash kept from being made.
    ///
    /// A header is durable before the first frame is written, and before an earlier segment, which
    /// carries the sequence, is removed.
    fn is_unborn(
        &self,
        number: u64,
        earlier: usize,
        name: &str,
        length: u64,
    ) -> Result<bool, InboxError> {
        let is_sequence_known = earlier > 0 || number == 1 || self.options.landed_through.is_some();
        let schema = self.options.schema.as_ref().clone();
        let header = SegmentHeader { number, first_sequence: 0, previous_length: 0, schema };
        if !is_sequence_known || length > header.to_bytes().len() as u64 {
            return Ok(false);
        }
        let bytes = self.whole(name)?;
        let mut rests = (0..bytes.len()).filter_map(|at| bytes.get(at..));
        Ok(!rests.any(|rest| read_frame(rest).is_ok()))
    }
}

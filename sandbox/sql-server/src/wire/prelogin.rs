//! PRELOGIN (MS-TDS 2.2.6.5).

/// What a side says about encryption.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EncryptionByte {
    /// The login alone.
    Off = 0,
    On = 1,
    NotSupported = 2,
    Required = 3,
}

/// A client's PRELOGIN, as far as it matters.
pub(crate) struct Prelogin {
    pub(crate) encryption: EncryptionByte,
}

impl Prelogin {
    /// Reads the option table.
    pub(crate) fn read(message: &[u8]) -> Self {
        let mut encryption = EncryptionByte::NotSupported;
        for option in message.chunks_exact(5).take_while(|option| option[0] != 0xFF) {
            let at = usize::from(u16::from_be_bytes([option[1], option[2]]));
            if option[0] == 1 {
                encryption = match message.get(at) {
                    Some(0) => EncryptionByte::Off,
                    Some(1) => EncryptionByte::On,
                    Some(3) => EncryptionByte::Required,
                    _ => EncryptionByte::NotSupported,
                };
            }
        }
        Self { encryption }
    }

    /// The server's answer: version 15.0, encryption, instance accepted, no MARS.
    pub(crate) fn answer(encryption: EncryptionByte) -> Vec<u8> {
        let fields: [(u8, &[u8]); 5] = [
            (0, &[15, 0, 0x10, 0xE2, 0, 0]),
            (1, &[encryption as u8]),
            (2, &[0]),
            (3, &[]),
            (4, &[0]),
        ];
        let mut offset = u16::try_from(fields.len() * 5 + 1).unwrap_or_default();
        let (mut table, mut data) = (Vec::new(), Vec::new());
        for (token, bytes) in fields {
            table.push(token);
            table.extend_from_slice(&offset.to_be_bytes());
            let length = u16::try_from(bytes.len()).unwrap_or_default();
            table.extend_from_slice(&length.to_be_bytes());
            offset += length;
            data.extend_from_slice(bytes);
        }
        table.push(0xFF);
        table.extend(data);
        table
    }
}

//! Times in the database: as whole seconds. Sandbox only.

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::{Database, Decode, Encode, Type};

use super::Backend;
use crate::clock::Timestamp;

impl Type<Backend> for Timestamp {
    fn type_info() -> <Backend as Database>::TypeInfo {
        <i64 as Type<Backend>>::type_info()
    }

    fn compatible(info: &<Backend as Database>::TypeInfo) -> bool {
        <i64 as Type<Backend>>::compatible(info)
    }
}

impl Encode<'_, Backend> for Timestamp {
    fn encode_by_ref(
        &self,
        buffer: &mut <Backend as Database>::ArgumentBuffer,
    ) -> Result<IsNull, BoxDynError> {
        Encode::<Backend>::encode_by_ref(&self.as_secs(), buffer)
    }
}

impl<'r> Decode<'r, Backend> for Timestamp {
    fn decode(value: <Backend as Database>::ValueRef<'r>) -> Result<Self, BoxDynError> {
        <i64 as Decode<'r, Backend>>::decode(value).map(Self::from_secs)
    }
}

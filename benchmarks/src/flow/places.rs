//! Where goods go.

/// A county with its code and a point in it, WGS-84.
pub(super) struct Place {
    pub(super) region_code: &'static str,
    pub(super) name: &'static str,
    pub(super) longitude: f64,
    pub(super) latitude: f64,
}

const fn place(
    region_code: &'static str,
    name: &'static str,
    longitude: f64,
    latitude: f64,
) -> Place {
    Place { region_code, name, longitude, latitude }
}

/// One county in each of sixteen provinces.
pub(super) const PLACES: [Place; 16] = [
    place("110105", "北京朝阳", 116.53, 39.948),
    place("210102", "沈阳和平", 123.401, 41.752),
    place("310115", "上海浦东", 121.714, 31.118),
    place("320106", "南京鼓楼", 118.751, 32.081),
    place("330106", "杭州西湖", 120.079, 30.221),
    place("340104", "合肥蜀山", 117.095, 31.849),
    place("350203", "厦门思明", 118.128, 24.471),
    place("370202", "青岛市南", 120.387, 36.071),
    place("410105", "郑州金水", 113.732, 34.819),
    place("420106", "武汉武昌", 114.351, 30.57),
    place("430104", "长沙岳麓", 112.779, 28.128),
    place("440106", "广州天河", 113.364, 23.175),
    place("500103", "重庆渝中", 106.534, 29.548),
    place("510107", "成都武侯", 104.021, 30.595),
    place("530102", "昆明五华", 102.643, 25.171),
    place("610113", "西安雁塔", 108.935, 34.211),
];

/// Where dealer `number` sells.
pub(super) fn of_dealer(number: u64) -> &'static Place {
    &PLACES[(number % PLACES.len() as u64) as usize]
}

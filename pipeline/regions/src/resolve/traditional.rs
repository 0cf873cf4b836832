//! Folds traditional characters of region names to the simplified ones of the lists.
//!
//! Every pair has the same length in UTF-8, so that evidence found in the folded text holds for the
//! original. Characters that stand in names of the lists as they are (乾, 於) are not folded. Pairs
//! from the character table of OpenCC, Apache-2.0, cut to what region and town names use.

use std::borrow::Cow;
use std::sync::LazyLock;

const FORMS: &str = "\
     亞亚佈布佔占來来侖仑侶侣侷局俬私倉仓個个們们倖幸倫伦偉伟側侧傑杰傘伞備备傢家傳传傾倾僑侨僕仆儀仪儁俊億亿儉俭優优儲储兌兑\
     兒儿兗兖內内兩两冊册凈净凍冻凱凯別别則则剋克剎刹剛刚剝剥創创劃划劉刘劍剑勁劲動动務务勝胜勞劳勵励勸劝勻匀匯汇區区協协卻却\
     卽即厙厍厤历厲厉參参叢丛吳吴呂吕員员唸念問问啓启啞哑啟启喚唤喬乔單单嗎吗噲哙噹当嚀咛嚥咽嚮向嚴严囌苏圇囵國国圍围園园圓圆\
     圖图團团垻坝埡垭埰采堅坚堖垴堯尧報报場场塊块塗涂塢坞塵尘塹堑墊垫墰坛墳坟墶垯墻墙墾垦壇坛壋垱壘垒壚垆壜坛壟垄壠垅壩坝壯壮\
     壺壶壽寿夢梦夥伙夾夹奧奥奪夺奮奋婁娄媧娲媽妈嫗妪孃娘孫孙學学孿孪宮宫寀采實实寧宁審审寬宽寶宝將将專专尋寻對对導导層层屬属\
     岡冈峯峰峴岘島岛峽峡崍崃崑昆崗岗崙仑嵐岚嵗岁嶁嵝嶇岖嶗崂嶠峤嶧峄嶨峃嶮崄嶺岭嶼屿嶽岳巋岿巒峦巖岩帥帅師师帳帐帶带幃帏幫帮\
     幹干幾几庫库廂厢廈厦廕荫廟庙廠厂廣广廬庐廳厅弔吊張张強强彆别彈弹彌弥彎弯彔录彙汇彥彦彫雕彿佛後后徑径從从徠徕復复徵征恆恒\
     悅悦惱恼愛爱慄栗態态慣惯慶庆慼戚憑凭憲宪應应懞蒙懷怀戀恋戰战戲戏戶户拋抛捨舍捲卷掛挂採采揚扬換换揮挥搖摇搶抢摺折撈捞撥拨\
     撫抚擁拥擔担擴扩擺摆攔拦攜携攝摄敎教敘叙數数斷断旂旗昇升時时晉晋暉晖暘旸暢畅曆历曇昙曉晓曏向曬晒書书會会朮术東东枴拐柵栅\
     柺拐査查桿杆梘枧條条棊棋棖枨棗枣棟栋棧栈棲栖椏桠楊杨楓枫業业極极榦干榮荣構构槓杠樂乐樅枞樑梁樓楼標标樞枢樣样樸朴樹树樺桦\
     橋桥機机橫横檜桧檢检檯台櫟栎櫻樱欄栏權权欏椤欒栾欖榄欽钦歐欧歡欢歲岁歷历歸归殻壳殼壳氂牦氣气汎泛沖冲況况涇泾涼凉淥渌淨净\
     淩凌淪沦淵渊淶涞淺浅渙涣渦涡測测渾浑湞浈湧涌湯汤溈沩準准溝沟溫温溮浉溳涢溼湿滄沧滎荥滙汇滬沪滸浒滾滚滿满漁渔漚沤漢汉漣涟\
     漲涨漵溆漿浆潁颍潑泼潙沩潛潜潤润潯浔潿涠澇涝澗涧澠渑澤泽澮浍澱淀濃浓濕湿濟济濤涛濰潍濱滨濼泺瀆渎瀋沈瀏浏瀘泸瀝沥瀟潇瀠潆\
     瀧泷瀨濑瀰弥瀲潋瀾澜灃沣灄滠灑洒灕漓灘滩灣湾灤滦為为烏乌無无煉炼煙烟煥焕煩烦煬炀熱热燈灯燒烧營营爐炉爛烂爲为爺爷爾尔牆墙\
     犛牦犢犊狀状猶犹獃呆獄狱獅狮獨独獲获獵猎獻献現现琱雕琿珲瑤瑶瑪玛璉琏璣玑璦瑷環环瓊琼瓏珑甌瓯甕瓮產产産产甦苏甯宁畝亩畢毕\
     畫画異异畵画當当疇畴疊叠療疗發发皁皂盃杯盞盏監监盤盘盧卢盪荡眞真眾众矇蒙硃朱硤硖硯砚碩硕碭砀確确碼码磚砖磧碛磯矶磽硗礄硚\
     礆硷礎础礦矿礬矾礱砻祿禄禎祯禦御禪禅禮礼禿秃稅税稜棱種种稱称穀谷積积穩稳穫获窩窝窪洼窮穷窯窑竇窦竈灶竪竖競竞筆笔筍笋筧笕\
     箇个節节範范築筑篔筼篤笃簀箦簍篓簡简簹筜簾帘籌筹籬篱籮箩粵粤糧粮糰团紀纪約约紅红納纳紐纽純纯紗纱紙纸級级紡纺紮扎細细紹绍\
     終终絃弦組组結结絡络絨绒統统絲丝絳绛綉绣綏绥經经綜综綠绿綢绸綫线維维網网綵彩綸纶綺绮綽绰綿绵緊紧緑绿緒绪線线緞缎緣缘緯纬\
     緱缑練练緻致縉缙縣县縫缝縱纵縴纤縹缥總总績绩織织繞绕繡绣繩绳繼继續续纍累纏缠纔才纖纤缽钵罈坛罎坛羅罗羣群羨羡義义習习聖圣\
     聞闻聯联聰聪聲声聶聂職职肅肃脈脉脣唇脩修脫脱腦脑腳脚腸肠膠胶膩腻臘腊臚胪臥卧臨临臺台與与興兴舉举舊旧舘馆艤舣艷艳茲兹荊荆\
     莊庄華华菴庵菸烟萇苌萊莱萬万葉叶葦苇葯药蒐搜蒓莼蒼苍蓆席蓋盖蓮莲蓴莼蔔卜蔘参蔞蒌蔣蒋蔥葱蔭荫蕎荞蕓芸蕩荡蕪芜蕭萧薊蓟薌芗\
     薑姜薩萨薹苔藍蓝藝艺藥药藪薮藴蕴藺蔺蘄蕲蘆芦蘇苏蘊蕴蘋苹蘭兰蘿萝處处號号虯虬蜆蚬蝦虾螄蛳螞蚂蟬蝉蟻蚁蠶蚕蠻蛮衆众術术衕同\
     衚胡衛卫衝冲衞卫裏里補补裝装裡里製制複复褳裢襬摆覈核覓觅視视親亲覺觉覽览觀观計计託托記记訥讷訪访設设許许訶诃註注詔诏試试\
     詩诗誇夸誌志誠诚課课誼谊調调談谈論论諧谐諫谏諶谌諸诸諾诺謀谋謙谦講讲謝谢謨谟譙谯譚谭譜谱議议護护譽誉讓让讚赞豎竖豐丰豔艳\
     豬猪貓猫貝贝貞贞財财貢贡貧贫貨货貫贯責责貴贵買买費费貿贸賀贺賁贲資资賈贾賒赊賓宾賚赉賜赐賡赓賢贤賣卖賦赋質质賴赖賽赛贈赠\
     贊赞贛赣趕赶趙赵跡迹蹟迹蹤踪躍跃車车軍军軒轩軟软軫轸軸轴軹轵軻轲載载輓挽輔辅輕轻輝辉輞辋輦辇輪轮輯辑輻辐輿舆轄辖轅辕轉转\
     轎轿轟轰辦办農农迴回逕迳連连週周進进遊游運运過过達达遙遥遜逊遞递遠远適适遲迟遷迁選选遼辽邁迈還还邊边邏逻郟郏郵邮鄆郓鄉乡\
     鄒邹鄔邬鄖郧鄧邓鄭郑鄰邻鄲郸鄴邺酇酂酈郦醣糖醫医釀酿釋释釗钊針针釣钓釦扣釵钗鈎钩鈐钤鈞钧鈡钟鈴铃鈸钹鈺钰鉅巨鉗钳鉛铅鉢钵\
     鉤钩銀银銅铜銘铭鋁铝鋅锌鋒锋鋪铺鋼钢錄录錢钱錦锦錫锡錯错録录錶表鍊炼鍋锅鍔锷鍬锹鍼针鍾钟鎂镁鎌镰鎖锁鎣蓥鎭镇鎮镇鏇旋鏞镛\
     鏡镜鏵铧鐔镡鐘钟鐮镰鐵铁鐸铎鐺铛鑑鉴鑒鉴鑲镶鑼锣長长門门閃闪閆闫開开閑闲閒闲間间閔闵閘闸閣阁閤合閩闽閬阆閭闾閶阊閻阎闆板\
     闇暗闊阔闕阙闖闯關关闞阚闢辟陘陉陝陕陞升陰阴陳陈陸陆陽阳隊队際际隨随隱隐隴陇隻只雋隽雙双雜杂雞鸡離离雲云電电霑沾霧雾霽霁\
     靈灵靜静鞏巩鞦秋韆千韋韦韓韩韜韬韻韵響响頁页頂顶頃顷項项順顺須须頌颂預预頓顿頗颇頡颉頭头頸颈顆颗額额顏颜顓颛顔颜顙颡類类\
     顧顾顯显風风颱台飛飞飯饭飲饮飼饲養养餘余館馆餵喂饅馒饒饶馬马馮冯馱驮馳驰馴驯駐驻駒驹駕驾駝驼駟驷駱骆駿骏騌骔騎骑騰腾騾骡\
     驅驱驊骅驕骄驗验驛驿驥骥驪骊體体髮发鬆松鬍胡鬚须鬥斗鬧闹鬱郁魚鱼魯鲁鮁鲅鮎鲇鮑鲍鮓鲊鮦鲖鮮鲜鯉鲤鯨鲸鰲鳌鰺鲹鱗鳞鱘鲟鳥鸟\
     鳧凫鳩鸠鳬凫鳳凤鳴鸣鴉鸦鴛鸳鴦鸯鴨鸭鴻鸿鴿鸽鵑鹃鵝鹅鵠鹄鵡鹉鵬鹏鵰雕鵲鹊鶚鹗鶯莺鶴鹤鶿鹚鷀鹚鷂鹞鷄鸡鷗鸥鷥鸶鷲鹫鷹鹰鸕鸬\
     鸚鹦鸞鸾鹹咸鹼碱鹽盐麗丽麥麦麪面麫面麯曲麴曲麵面麼么麽么黃黄點点黨党齊齐齋斋齒齿齡龄齣出龍龙龐庞龔龚龕龛龜龟";

const FIRST: char = '\u{3400}';
const LAST: char = '\u{9fff}';

/// The simplified form by position from [`FIRST`]; the character itself where there is none.
static FOLDED: LazyLock<Vec<char>> = LazyLock::new(|| {
    let mut folded: Vec<char> = (FIRST..=LAST).collect();
    let forms: Vec<char> = FORMS.chars().collect();
    for pair in forms.chunks_exact(2) {
        if let Some(slot) = position(pair[0]).and_then(|position| folded.get_mut(position)) {
            *slot = pair[1];
        }
    }
    folded
});

fn position(c: char) -> Option<usize> {
    (FIRST..=LAST).contains(&c).then(|| (u32::from(c) - u32::from(FIRST)) as usize)
}

fn simplified(c: char) -> char {
    position(c).and_then(|position| FOLDED.get(position)).copied().unwrap_or(c)
}

/// The text with traditional characters folded, byte for byte as long as before.
pub(crate) fn fold(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| simplified(c) == c) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(simplified).collect())
}

#[cfg(test)]
mod tests {
    use super::{FORMS, fold};

    #[test]
    fn every_pair_keeps_its_length() {
        let forms: Vec<char> = FORMS.chars().collect();
        assert!(forms.len() > 1_000 && forms.len().is_multiple_of(2));
        for pair in forms.chunks_exact(2) {
            assert_ne!(pair[0], pair[1]);
            assert_eq!(pair[0].len_utf8(), pair[1].len_utf8(), "{pair:?}");
        }
    }

    #[test]
    fn folds_what_is_traditional_only() {
        assert_eq!(fold("廣東省東莞市長安鎮"), "广东省东莞市长安镇");
        assert_eq!(fold("乾安县於潜镇 A座①"), "乾安县於潜镇 A座①");
    }
}

/**
 * Han characters that are written differently for the same name and that the conversion from Traditional to
 * Simplified leaves apart: older or popular forms, and Japanese forms. `from` is folded to `to`; used for keys
 * only, never to rewrite a name. Japanese forms that are other characters in Chinese names (芸, 弁, 缶) stay out.
 */
const PAIRS =
  // forms met in Taiwan and Hong Kong
  "眞真 峯峰 淸清 靑青 煕熙 濬浚 寳宝 髙高 﨑崎 邨村 菓果 黄黄 喆哲 竝并 恆恒 陞升 昇升 沖冲 凃涂 臺台 檯台 羣群 綉绣 啓启 啟启 " +
  "牀床 闗关 囯国 圀国 裡里 裏里 燿耀 曜耀 衞卫 頴颖 颕颖 郷乡 鄊乡 甯宁 寗宁 寧宁 埜野 碁棋 棊棋 栁柳 桺柳 畧略 秌秋 緖绪 歩步 " +
  "涙泪 淚泪 彥彦 產产 顔颜 凉凉 涼凉 决决 況况 减减 泻泻 温温 溫温 強强 強强 勛勋 勳勋 勲勋 俻备 尅克 剋克 兎兔 兔兔 " +
  "翆翠 戸户 戶户 呉吴 吳吴 別别 絕绝 絶绝 內内 兪俞 俞俞 査查 晋晋 晉晋 値值 珎珍 鑑鉴 鑒鉴 脩修 笵范 鐘钟 鍾钟 锺钟 鎭镇 鎮镇 愼慎 慎慎 " +
  "滿满 満满 德德 徳德 悳德 惪德 増增 增增 曾曾 曽曾 節节 莭节 祐佑 闊阔 濶阔 猪猪 豬猪 朶朵 垛垛 杰杰 傑杰 閑闲 閒闲 妳你 姉姊 栢柏 " +
  "龢和 咊和 皐皋 皋皋 峽峡 峡峡 島岛 嶋岛 嶌岛 巖岩 巌岩 嵒岩 岩岩 鷄鸡 雞鸡 蘂蕊 橤蕊 艶艳 豔艳 暎映 贇赟 嬅华 " +
  // forms of present-day Japanese
  "沢泽 澤泽 辺边 邉边 邊边 斎斋 齋斋 斉齐 齊齐 桜樱 広广 浜滨 濱滨 竜龙 滝泷 瀧泷 黒黑 実实 恵惠 栄荣 楽乐 薬药 桒桑 桧桧 檜桧 亀龟 " +
  "塩盐 円圆 応应 壱壹 営营 衛卫 駅驿 鉄铁 対对 売卖 読读 変变 渋涩 渓溪 渡渡 渕渊 淵渊 穣穰 譲让 醸酿 嬢娘 壌壤 砕碎 粋粹 酔醉 " +
  "経经 軽轻 茎茎 検检 険险 剣剑 倹俭 圏圈 権权 顕显 験验 厳严 暁晓 焼烧 尭尧 観观 勧劝 歓欢 関关 巻卷 陥陷 気气 帰归 犠牺 拠据 挙举 " +
  "虚虚 峡峡 狭狭 挟挟 覚觉 学学 岳岳 嶽岳 県县 発发 髪发 抜拔 繁繁 晩晚 蛮蛮 碑碑 姫姬 瓶瓶 頻频 賓宾 福福 仏佛 払拂 涛涛 瀬濑 頼赖 " +
  "覧览 乱乱 竜龙 両两 猟猎 緑绿 涼凉 塁垒 霊灵 齢龄 暦历 歴历 恋恋 練练 錬炼 労劳 郎郎 朗朗 廊廊 禄禄 歳岁 済济 剤剂 雑杂 参参 惨惨 " +
  "蚕蚕 賛赞 糸丝 児儿 収收 寿寿 従从 縦纵 獣兽 縄绳 叙叙 奨奖 将将 称称 証证 乗乘 剰剩 条条 状状 畳叠 触触 嘱嘱 寝寝 慎慎 真真 尽尽 " +
  "図图 随随 髄髓 枢枢 数数 声声 静静 摂摄 窃窃 専专 浅浅 戦战 践践 銭钱 繊纤 禅禅 双双 壮壮 荘庄 莊庄 捜搜 挿插 装装 総总 聡聪 騒骚 " +
  "蔵藏 臓脏 即即 属属 続续 堕堕 体体 帯带 択择 単单 担担 胆胆 団团 弾弹 断断 遅迟 昼昼 虫虫 鋳铸 庁厅 聴听 勅敕 鎮镇 逓递 伝传 転转 " +
  "点点 党党 灯灯 当当 独独 闘斗 届届 縺涟 弐贰 悩恼 脳脑 覇霸 拝拜 廃废 麦麦 遥遥 来来 隆隆 隣邻 鄰邻 弥弥 彌弥 祢祢 禰祢 駒驹 鴎鸥 " +
  "嵜崎 埼崎 碕崎 槇槙 萠萌 嶺岭 葊庵 笹笹 桝枡 鉢钵 舘馆 館馆 峠峠";

/** Character → the form it is folded to. */
export const HAN_VARIANTS: ReadonlyMap<string, string> = new Map(
  PAIRS.split(" ").flatMap((pair): [string, string][] => {
    const [from, to] = Array.from(pair);
    return from !== undefined && to !== undefined && from !== to ? [[from, to]] : [];
  }),
);

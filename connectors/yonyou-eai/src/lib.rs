//! Yonyou U8 EAI and NC XChange (用友 EAI、NC 外部交换平台) XML documents.

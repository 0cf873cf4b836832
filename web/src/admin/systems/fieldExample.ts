/** Values as they may look, where the sentence about a field shows none. By name, then by kind and name. */
const EXAMPLES: Record<string, string> = {
  host: '192.168.1.10',
  instance: 'SQL2019',
  file: 'data/orders.db',
  folder: 'data/inbox',
  ca_file: 'certificates/ca.pem',
  acct_id: '62e9fa0c9d3c1b',
  org_number: '100',
  'kingdee_galaxy.base_url': 'https://erp.example.com/K3Cloud/',
  'kingdee_k3_wise.database': 'AIS20260101080000',
  'yonyou_u8.database': 'UFDATA_001_2026',
  'yonyou_u8_eai.url': 'http://u8server/U8EAI/import.asp',
  'yonyou_nc.url': 'http://ncserver/service/XChangeServlet',
  'yonyou_nc.account': '0001',
  'kingdee_galaxy.key_field': 'F_YL_Key',
  'yonyou_u8_openapi.resource': 'saleout',
  'yonyou_nc.billtype': '4C',
}

/** What stands grey in an empty control. */
export const exampleOf = (name: string, kind?: string): string | undefined => EXAMPLES[`${kind}.${name}`] ?? EXAMPLES[name]

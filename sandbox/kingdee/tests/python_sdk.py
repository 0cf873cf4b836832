"""Drives the sandbox with Kingdee's own SDK, unmodified, and prints what it saw as JSON.

Arguments: base URL, account id, user, app id, app secret, organisation number.
"""
import json
import sys

from k3cloud_webapi_sdk.main import K3CloudApiSdk

url, acct, user, app_id, app_secret, org = sys.argv[1:7]
sdk = K3CloudApiSdk(url)
sdk.InitConfig(acct, user, app_id, app_secret, url, 2052, int(org))


def query(start):
    return {
        "FormId": "PRD_MO",
        "FieldKeys": "FBillNo,FTreeEntity_FSeq,FMaterialId.FNumber,FQty,FModifyDate",
        "FilterString": "FBillNo like 'MO%' and FDocumentStatus = 'C'",
        "OrderString": "FBillNo ASC,FTreeEntity_FSeq ASC",
        "TopRowCount": 0, "StartRow": start, "Limit": 2, "SubSystemId": "",
    }


seen = {
    "centres": json.loads(sdk.GetDataCenters()),
    "first_page": json.loads(sdk.ExecuteBillQuery(query(0))),
    "second_page": json.loads(sdk.ExecuteBillQuery(query(2))),
    "objects": json.loads(sdk.BillQuery(query(0))),
    "info": json.loads(sdk.QueryBusinessInfo({"FormId": "PRD_MO"})),
    "view": json.loads(sdk.View("PRD_MO", {"CreateOrgId": 0, "Number": "MO000001", "Id": ""})),
    "saved": json.loads(sdk.Save("SAL_OUTSTOCK", {
        "NeedReturnFields": ["FBillNo"],
        "Model": {"FID": 0, "FCustomerID": {"FNumber": "D1"}, "F_YL_Key": "DR-1",
                  "FEntity": [{"FMaterialID": {"FNumber": "01.02.0007"}, "FRealQty": 12.5}]}})),
    "submitted": json.loads(sdk.Submit("SAL_OUTSTOCK", {"Numbers": ["XSCKD000001", "NONE"]})),
    "audited": json.loads(sdk.Audit("SAL_OUTSTOCK", {"Numbers": ["XSCKD000001"]})),
    "written": json.loads(sdk.ExecuteBillQuery({
        "FormId": "SAL_OUTSTOCK", "FieldKeys": "FBillNo,FDocumentStatus,FRealQty",
        "FilterString": "F_YL_Key = 'DR-1'"})),
    "unknown": json.loads(sdk.ExecuteBillQuery({"FormId": "PRD_MO", "FieldKeys": "FNoSuchField"})),
}
print(json.dumps(seen))

import { BrowserMultiFormatReader } from '@zxing/browser'
import { BarcodeFormat, DecodeHintType } from '@zxing/library'
import type { Decoder } from './camera'

/** The longer side of what is decoded: a full picture costs a phone more than it finds. */
const SIDE_MAX = 960

/** A decoder in plain JavaScript, for browsers without their own; a chunk of its own, loaded when asked for. */
export function openZxing(): Decoder {
  const reader = new BrowserMultiFormatReader(new Map<DecodeHintType, unknown>([
    [DecodeHintType.POSSIBLE_FORMATS, [
      BarcodeFormat.QR_CODE, BarcodeFormat.DATA_MATRIX, BarcodeFormat.CODE_128,
      BarcodeFormat.CODE_39, BarcodeFormat.EAN_13, BarcodeFormat.ITF,
    ]],
    [DecodeHintType.TRY_HARDER, true],
  ]))
  const canvas = document.createElement('canvas')
  return {
    async read(video) {
      const scale = Math.min(1, SIDE_MAX / Math.max(video.videoWidth, video.videoHeight))
      canvas.width = Math.round(video.videoWidth * scale)
      canvas.height = Math.round(video.videoHeight * scale)
      canvas.getContext('2d', { willReadFrequently: true })?.drawImage(video, 0, 0, canvas.width, canvas.height)
      try {
        return [reader.decodeFromCanvas(canvas).getText()]
      } catch {
        // The reader throws where it finds nothing, which is most of the time.
        return []
      }
    },
  }
}

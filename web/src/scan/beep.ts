let context: AudioContext | undefined

/** A short tone: high for taken, low for not. A scanner's user looks at the goods, not at the page. */
export function beep(isGood: boolean): void {
  try {
    context ??= new AudioContext()
    const tone = context.createOscillator()
    const volume = context.createGain()
    tone.frequency.value = isGood ? 1320 : 220
    volume.gain.value = 0.08
    tone.connect(volume).connect(context.destination)
    tone.start()
    tone.stop(context.currentTime + (isGood ? 0.08 : 0.3))
  } catch {
    // No sound is no reason to lose a scan.
  }
}

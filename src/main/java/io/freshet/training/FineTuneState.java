package io.freshet.training;

import io.freshet.event.OffsetRange;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the fine-tuner stands. A plain POJO: fields may be added, and state written before still
 * reads.
 */
public final class FineTuneState {

    /** The live version, 0 if there is none. */
    public long live;

    /** The version that the job started with, 0 if there is none. */
    public long base;

    /** Highest version number that was announced, or was taken when the job started. */
    public long announced;

    /** Training windows whose verdict is out. */
    public long windows;

    /** Event time that the base version is trained through, milliseconds since the epoch. */
    public long trainedThrough = Long.MIN_VALUE;

    /** Whether the base version was announced. */
    public boolean baseAnnounced;

    /** Watermark of the sequences, milliseconds since the epoch. */
    public long watermark = Long.MIN_VALUE;

    /** Sequences that the replay buffer was offered. */
    public long replayOffered;

    /** Source offsets that the live version was trained on since the base version. */
    public List<OffsetRange> trainedOffsets = new ArrayList<>();
}

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

    /** Training windows that are settled: applied to the live model, or refused. */
    public long windows;

    /** Event time that the base version is trained through, milliseconds since the epoch. */
    public long trainedThrough = Long.MIN_VALUE;

    /** Whether the base version was announced. */
    public boolean baseAnnounced;

    /** Watermark of the sequences, milliseconds since the epoch. */
    public long watermark = Long.MIN_VALUE;

    /** Sequences that the replay buffer was offered. */
    public long replayOffered;

    /** Updates of the live model since the live version, in order. */
    public List<UpdateMark> applied = new ArrayList<>();

    /** Interactions that the live model was tested on, but not trained on yet. */
    public int tested;

    /** Their first event time, milliseconds since the epoch. */
    public long testedStart;

    /** Exclusive end of their event time, milliseconds since the epoch. */
    public long testedEnd;

    /** Whether they are to be trained on however few they are, because time is up. */
    public boolean due;

    /** How large windows are. */
    public UpdatePace.State pace = new UpdatePace.State();

    /** Source offsets that the live version was trained on since the base version. */
    public List<OffsetRange> trainedOffsets = new ArrayList<>();

    /** The architecture that the options asked for; empty in state of releases without it. */
    public String architecture = "";
}

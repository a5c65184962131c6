package io.freshet.training;

import io.freshet.event.Control;
import io.freshet.event.OffsetRange;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the fine-tuner stands. A plain POJO: fields may be added, and state written before still
 * reads. Each field is written by one part of the fine-tuner alone.
 */
public final class FineTuneState {

    /** The live version, 0 if there is none. */
    public long live;

    /**
     * What tells the live version from every other of its number; null if that is not known, or
     * there is none.
     */
    public @Nullable String fingerprint;

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

    /** Whether a control has paused training. */
    public boolean paused;

    /** Sequences passed over since then, because too many waited. */
    public long passedOver;

    /** Whether a control has asked for what waits to be trained on, however little it is. */
    public boolean closing;

    /** Controls that roll back, and are not carried out yet. */
    public List<Control> rollbacks = new ArrayList<>();

    /** Version numbers that were passed over, because the store had other work under them. */
    public List<Long> foreign = new ArrayList<>();

    /** Versions that were live at the newest completed checkpoints, oldest first. */
    public List<Long> checkpointed = new ArrayList<>();

    /** Id of the job that wrote the state; null if a release wrote it that did not say so. */
    public @Nullable String job;

    /** Source offsets that the live version was trained on since the base version. */
    public List<OffsetRange> trainedOffsets = new ArrayList<>();

    /** The architecture that the options asked for; empty in state of releases without it. */
    public String architecture = "";
}

package io.freshet.training;

import io.freshet.event.Control;
import io.freshet.event.OffsetRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fine-tuner's pointer into the model store, and how far it has come. A plain POJO: fields may
 * be added, and state written before still reads. Each field is written by one part of the
 * fine-tuner alone.
 */
public final class FineTuneState {

    /** Format of this release: updates are in the log. */
    public static final int FORMAT = 3;

    /** Format of the state, 0 if a release without the log wrote it. */
    public int format;

    /** The live version, 0 if there is none. */
    public long live;

    /**
     * What tells the live version from every other of its number; null if that is not known, or
     * there is none.
     */
    public @Nullable String fingerprint;

    /** Number of the newest update since the live version, 0 if there is none. */
    public long update;

    /** SHA-256 of that update's file, empty if there is none. */
    public String updateFingerprint = "";

    /** Updates since the live version. */
    public int updates;

    /** How often in a row the gate could not decide on a version that was due. */
    public int held;

    /** How often in a row the store did not take a version that was due. */
    public int delayed;

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

    /** Updates since the live version that are in no log: of releases without it. */
    public List<UpdateMark> applied = new ArrayList<>();

    /** Interactions that the live model was evaluated on, but not trained on yet. */
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

    /** Sequences passed over in all. */
    public long allPassedOver;

    /** Recent share of the interactions of each item that has more than a little. */
    public Map<String, Double> itemShares = new HashMap<>();

    /** Interactions that the shares are of. */
    public long sharedInteractions;

    /** Whether a control has asked for what waits to be trained on, however little it is. */
    public boolean closing;

    /** Controls that roll back, and are not carried out yet. */
    public List<Control> rollbacks = new ArrayList<>();

    /** Passed-over version numbers of releases that had no ranges. */
    public List<Long> foreign = new ArrayList<>();

    /** Version numbers that were passed over, because the store had other work under them. */
    public List<VersionRange> passedOverNumbers = new ArrayList<>();

    /** Versions that were live at the newest completed checkpoints, oldest first. */
    public List<Long> checkpointed = new ArrayList<>();

    /** Id of the job that wrote the state; null in state of releases without it. */
    public @Nullable String job;

    /** Source offsets that the live version was trained on since the base version. */
    public List<OffsetRange> trainedOffsets = new ArrayList<>();

    /** The architecture that the options asked for; empty in state of releases without it. */
    public String architecture = "";
}

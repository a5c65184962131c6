package io.freshet.model.tensorflow;

import io.freshet.event.WeightDelta;
import io.freshet.model.EvaluationBatch;
import io.freshet.model.EvaluationResult;
import io.freshet.model.Lesson;
import io.freshet.model.RecommenderModel;
import io.freshet.model.RowSample;
import io.freshet.model.ScoringBatch;
import io.freshet.model.ScoringResult;
import io.freshet.model.StepRates;
import io.freshet.model.StepResult;
import io.freshet.model.TrainingBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** A recommender behind the signatures of a SavedModel. */
final class TensorFlowRecommender implements RecommenderModel {

    private static final int[] NO_ROWS = {};

    private final SavedModelSession session;
    private final int length;
    private final int featureWidth;
    private final BitSet touched = new BitSet();
    private final BitSet described = new BitSet();
    private final boolean predictsRatings;
    private int rows;
    private int rowsBefore;

    private TensorFlowRecommender(SavedModelSession session) {
        this.session = session;
        try (SignatureCall info = session.call("info").run("length", "rows", "feature_width")) {
            length = info.ints("length")[0];
            rows = info.ints("rows")[0];
            featureWidth = info.ints("feature_width")[0];
        }
        rowsBefore = rows;
        predictsRatings = session.gives("evaluate", "ratings");
    }

    /** Takes the session over: {@link #close} closes it. */
    static TensorFlowRecommender of(SavedModelSession session) {
        return new TensorFlowRecommender(session);
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int featureWidth() {
        return featureWidth;
    }

    @Override
    public boolean predictsRatings() {
        return predictsRatings;
    }

    @Override
    public String architecture() {
        if (!session.gives("info", "architecture")) {
            return session.isReferenceModel() ? "one of an earlier release" : "";
        }
        try (SignatureCall info = session.call("info").run("architecture")) {
            return info.strings("architecture")[0];
        }
    }

    @Override
    public boolean tellsChanges() {
        return session.has("changes") && session.has("apply");
    }

    @Override
    public String[] itemIds() {
        try (SignatureCall call = session.call("item_ids").run("item_ids")) {
            return call.strings("item_ids");
        }
    }

    @Override
    public float[] itemVectors() {
        if (!session.has("item_vectors")) {
            return new float[0];
        }
        try (SignatureCall call = session.call("item_vectors").run("item_vectors")) {
            return call.floats("item_vectors");
        }
    }

    @Override
    public void append(String[] itemIds, float[] features, long seed) {
        if (itemIds.length == 0) {
            return;
        }
        try (SignatureCall call = session.call("append")) {
            call.feed("item_ids", itemIds, itemIds.length)
                    .feed("features", features, itemIds.length, featureWidth)
                    .feed("seed", new long[] {seed, rows}, 2)
                    .run("rows");
            touched.set(rows, rows + itemIds.length);
            described.set(rows, rows + itemIds.length);
            rows += itemIds.length;
        }
    }

    @Override
    public void recycle(int[] recycled, String[] itemIds, float[] features, long seed) {
        if (recycled.length == 0) {
            return;
        }
        requireItemRows(recycled);
        try (SignatureCall call = session.call("recycle")) {
            call.feed("rows", recycled, recycled.length)
                    .feed("item_ids", itemIds, recycled.length)
                    .feed("features", features, recycled.length, featureWidth)
                    .feed("seed", new long[] {seed, recycled[0]}, 2)
                    .run("rows");
            mark(touched, recycled);
            mark(described, recycled);
        }
    }

    @Override
    public void describe(int[] asked, float[] features) {
        if (asked.length == 0) {
            return;
        }
        requireItemRows(asked);
        try (SignatureCall call = session.call("describe")) {
            call.feed("rows", asked, asked.length)
                    .feed("features", features, asked.length, featureWidth)
                    .run("rows");
            mark(described, asked);
        }
    }

    @Override
    public float[] features(int[] asked) {
        if (asked.length == 0) {
            return new float[0];
        }
        requireItemRows(asked);
        try (SignatureCall call = session.call("changes")) {
            call.feed("rows", new int[0], 0)
                    .feed("described_rows", asked, asked.length)
                    .run("features");
            return call.floats("features");
        }
    }

    private void requireItemRows(int[] asked) {
        for (int row : asked) {
            if (row < 1 || row >= rows) {
                throw new IllegalArgumentException(
                        "No item row " + row + ", only 1 to " + (rows - 1));
            }
        }
    }

    @Override
    public StepResult train(TrainingBatch batch, StepRates rates) {
        requireLength(batch.length());
        int positions = batch.positions().length;
        int candidates = batch.candidates().length;
        @Nullable Lesson lesson = batch.lesson();
        try (SignatureCall call = lesson == null ? session.call("train") : distill(lesson)) {
            call.feed("items", batch.items(), batch.size(), batch.length())
                    .feed("positions", batch.positions(), positions)
                    .feed("labels", batch.labels(), positions)
                    .feed("candidates", batch.candidates(), candidates)
                    .feed("log_q", batch.logQ(), candidates)
                    .feed("weights", batch.weights(), positions)
                    .feed("head_rate", new float[] {rates.head()})
                    .feed("body_rate", new float[] {rates.body()})
                    .feed("clip_norm", new float[] {rates.clipNorm()})
                    .feed("seed", new long[] {rates.seed(), 0}, 2);
            if (call.takes("ratings")) {
                call.feed("ratings", batch.ratings(), positions);
            }
            feedLayerDecay(call, rates.layerDecay());
            call.run("loss", "gradient_norm");
            mark(touched, batch.items());
            mark(touched, batch.candidates());
            mark(touched, lesson == null ? NO_ROWS : lesson.sample().rows());
            return new StepResult(call.floats("loss")[0], call.floats("gradient_norm")[0]);
        }
    }

    private SignatureCall distill(Lesson lesson) {
        requireDistillable();
        int taught = lesson.positions().length;
        int rows = lesson.sample().rows().length;
        return session.call("distill")
                .feed("taught_positions", lesson.positions(), taught)
                .feed("taught_rows", lesson.sample().rows(), rows)
                .feed("taught_log_q", lesson.sample().logQ(), rows)
                .feed("taught", lesson.probabilities(), taught, rows)
                .feed("distillation", new float[] {lesson.weight()});
    }

    private static void feedLayerDecay(SignatureCall call, float layerDecay) {
        if (call.takes("layer_decay")) {
            call.feed("layer_decay", new float[] {layerDecay});
        } else if (layerDecay != 1) {
            throw new UnsupportedOperationException(
                    "The model's signature 'train' takes no 'layer_decay', found a decay of "
                            + layerDecay
                            + ": set training.layer-decay to 1, or pre-train a new base");
        }
    }

    @Override
    public float[] teach(EvaluationBatch batch, RowSample sample) {
        requireLength(batch.length());
        requireDistillable();
        try (SignatureCall call = session.call("teach")) {
            call.feed("items", batch.items(), batch.size(), batch.length())
                    .feed("positions", batch.positions(), batch.positions().length)
                    .feed("rows", sample.rows(), sample.rows().length)
                    .feed("log_q", sample.logQ(), sample.rows().length)
                    .run("probabilities");
            return call.floats("probabilities");
        }
    }

    private void requireDistillable() {
        if (!session.has("teach") || !session.has("distill")) {
            throw new UnsupportedOperationException(
                    "The model lacks signature 'teach' or 'distill', so it can't be distilled: set"
                            + " training.distillation to 0, or pre-train a new base");
        }
    }

    @Override
    public EvaluationResult evaluate(EvaluationBatch batch) {
        requireLength(batch.length());
        int[] ranks = new int[batch.positions().length];
        float[] losses = new float[ranks.length];
        float[] ratings = new float[predictsRatings ? ranks.length : 0];
        for (EvaluationChunk chunk : EvaluationChunk.split(batch, rows)) {
            try (SignatureCall call = session.call("evaluate")) {
                call.feed("items", chunk.items(), chunk.size(), batch.length())
                        .feed("positions", chunk.positions(), chunk.positions().length)
                        .feed("targets", chunk.targets(), chunk.positions().length);
                if (predictsRatings) {
                    call.run("ranks", "losses", "ratings");
                    chunk.spread(call.floats("ratings"), ratings);
                } else {
                    call.run("ranks", "losses");
                }
                chunk.spread(call.ints("ranks"), ranks);
                chunk.spread(call.floats("losses"), losses);
            }
        }
        return new EvaluationResult(ranks, losses, ratings);
    }

    @Override
    public ScoringResult score(ScoringBatch batch) {
        requireLength(batch.length());
        if (batch.top() > rows - 1) {
            throw new IllegalArgumentException(
                    "The best " + batch.top() + " of " + (rows - 1) + " item rows asked for");
        }
        try (SignatureCall call = session.call("serving_default")) {
            call.feed("items", batch.items(), batch.size(), batch.length())
                    .feed("candidates", batch.candidates(), batch.size(), batch.candidateWidth())
                    .feed("top", new int[] {batch.top()})
                    .run("top_rows", "top_scores", "candidate_scores");
            return new ScoringResult(
                    call.ints("top_rows"),
                    call.floats("top_scores"),
                    call.floats("candidate_scores"));
        }
    }

    private void requireLength(int columns) {
        if (columns < 1 || columns > length) {
            throw new IllegalArgumentException(
                    "Sequences of " + columns + " items, but the model takes 1 to " + length);
        }
    }

    @Override
    public WeightDelta changes() {
        touched.clear(0);
        int[] changed = touched.stream().toArray();
        int[] content = described.stream().toArray();
        try (SignatureCall call = session.call("changes")) {
            call.feed("rows", changed, changed.length)
                    .feed("described_rows", content, content.length)
                    .run("row_weights", "features", "dense_weights");
            WeightDelta delta =
                    new WeightDelta(
                            rowsBefore,
                            rows == rowsBefore
                                    ? new String[0]
                                    : Arrays.copyOfRange(itemIds(), rowsBefore, rows),
                            content,
                            call.floats("features"),
                            changed,
                            call.floats("row_weights"),
                            call.floats("dense_weights"));
            forgetChanges();
            return delta;
        }
    }

    @Override
    public void apply(WeightDelta delta) {
        int known = rows - delta.firstRow();
        if (known < 0) {
            throw new IllegalArgumentException(
                    "The delta starts at row "
                            + delta.firstRow()
                            + ", but the model ends before row "
                            + rows);
        }
        if (known < delta.itemIds().length) {
            String[] added = Arrays.copyOfRange(delta.itemIds(), known, delta.itemIds().length);
            append(added, new float[added.length * featureWidth], 0);
        }
        describe(delta.describedRows(), delta.features());
        overwrite(delta.rows(), delta.rowWeights(), delta.denseWeights());
        forgetChanges();
    }

    private void overwrite(int[] changed, float[] rowWeights, float[] denseWeights) {
        if (changed.length == 0) {
            return; // every step touches rows: nothing was trained
        }
        requireItemRows(changed);
        try (SignatureCall call = session.call("apply")) {
            call.feed("rows", changed, changed.length)
                    .feed(
                            "row_weights",
                            rowWeights,
                            changed.length,
                            rowWeights.length / changed.length)
                    .feed("dense_weights", denseWeights, denseWeights.length)
                    .run("rows");
        }
    }

    private void forgetChanges() {
        touched.clear();
        described.clear();
        rowsBefore = rows;
    }

    private static void mark(BitSet set, int[] some) {
        for (int row : some) {
            set.set(row);
        }
    }

    @Override
    public void save(Path directory) throws IOException {
        session.save(directory);
    }

    @Override
    public void restore(Path directory) throws IOException {
        session.restore(directory);
        try (SignatureCall info = session.call("info").run("rows")) {
            rows = info.ints("rows")[0];
        }
        forgetChanges();
    }

    @Override
    public void close() {
        session.close();
    }
}

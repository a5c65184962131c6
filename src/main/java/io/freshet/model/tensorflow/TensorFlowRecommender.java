package io.freshet.model.tensorflow;

import io.freshet.model.EvaluationBatch;
import io.freshet.model.EvaluationResult;
import io.freshet.model.RecommenderModel;
import io.freshet.model.RowSample;
import io.freshet.model.ScoringBatch;
import io.freshet.model.ScoringResult;
import io.freshet.model.StepRates;
import io.freshet.model.StepResult;
import io.freshet.model.TrainingBatch;
import io.freshet.model.WeightChanges;
import io.freshet.model.tensorflow.session.SavedModelSession;
import io.freshet.model.tensorflow.session.SignatureCall;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A recommender behind the signatures of a SavedModel. Evaluation and scoring are here; the item
 * table is in {@link ItemRowCalls}, learning in {@link GradientSteps}, what others follow in {@link
 * ChangeExchange}.
 */
final class TensorFlowRecommender implements RecommenderModel {

    private final SavedModelSession session;
    private final int length;
    private final boolean predictsRatings;
    private final ChangedRows changed;
    private final ItemRowCalls items;
    private final GradientSteps steps;
    private final ChangeExchange exchange;
    private final Object closing = new Object();
    private boolean closed;

    private TensorFlowRecommender(SavedModelSession session) {
        this.session = session;
        try (SignatureCall info = session.call("info").run("length", "rows", "feature_width")) {
            length = info.ints("length")[0];
            int rows = info.ints("rows")[0];
            changed = new ChangedRows();
            items = new ItemRowCalls(session, info.ints("feature_width")[0], rows, changed);
        }
        predictsRatings = session.gives("evaluate", "ratings");
        steps = new GradientSteps(session, changed);
        exchange = new ChangeExchange(session, items, changed);
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
        return items.count();
    }

    @Override
    public int featureWidth() {
        return items.featureWidth();
    }

    @Override
    public boolean predictsRatings() {
        return predictsRatings;
    }

    @Override
    public String architecture() {
        String given = "";
        if (session.gives("info", "architecture")) {
            try (SignatureCall info = session.call("info").run("architecture")) {
                given = info.strings("architecture")[0];
            }
        }
        return session.isReferenceModel() && (given.isEmpty() || !exportsChanges())
                ? (given + " (graph of an earlier release)").strip()
                : given;
    }

    @Override
    public String[] itemIds() {
        return items.ids();
    }

    @Override
    public float[] itemVectors() {
        return items.vectors();
    }

    @Override
    public void append(String[] itemIds, float[] features, long seed) {
        items.append(itemIds, features, seed);
    }

    @Override
    public void recycle(int[] rows, String[] itemIds, float[] features, long seed) {
        items.recycle(rows, itemIds, features, seed);
    }

    @Override
    public void describe(int[] rows, float[] features) {
        items.describe(rows, features);
    }

    @Override
    public float[] features(int[] rows) {
        return items.features(rows);
    }

    @Override
    public StepResult train(TrainingBatch batch, StepRates rates) {
        requireLength(batch.length());
        return steps.train(batch, rates);
    }

    @Override
    public float[] teach(EvaluationBatch batch, RowSample sample) {
        requireLength(batch.length());
        return steps.teach(batch, sample);
    }

    @Override
    public EvaluationResult evaluate(EvaluationBatch batch) {
        requireLength(batch.length());
        int[] ranks = new int[batch.positions().length];
        float[] losses = new float[ranks.length];
        float[] ratings = new float[predictsRatings ? ranks.length : 0];
        for (EvaluationChunk chunk : EvaluationChunk.split(batch, items.count())) {
            try (SignatureCall call = session.call("evaluate")) {
                SequenceFeed.feed(
                                call,
                                chunk.size(),
                                batch.length(),
                                chunk.items(),
                                chunk.attributes())
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
        if (batch.top() > items.count() - 1) {
            throw new IllegalArgumentException(
                    "The best "
                            + batch.top()
                            + " of "
                            + (items.count() - 1)
                            + " item rows asked for");
        }
        try (SignatureCall call = session.call("serving_default")) {
            SequenceFeed.feed(call, batch.size(), batch.length(), batch.items(), batch.attributes())
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
    public boolean exportsChanges() {
        return session.has("export_changes");
    }

    @Override
    public WeightChanges exportChanges() {
        return exchange.exportAll();
    }

    @Override
    public void importChanges(WeightChanges changes) {
        exchange.importAll(changes);
    }

    @Override
    public void serveOnly() {
        exchange.serveOnly();
    }

    @Override
    public void prepareImport(WeightChanges changes) {
        synchronized (closing) {
            if (!closed) {
                exchange.prepare(changes);
            }
        }
    }

    @Override
    public void save(Path directory) throws IOException {
        session.save(directory);
    }

    @Override
    public void restore(Path directory) throws IOException {
        session.restore(directory);
        items.recount();
        changed.restart();
    }

    @Override
    public void close() {
        synchronized (closing) {
            closed = true;
            session.close();
        }
    }
}

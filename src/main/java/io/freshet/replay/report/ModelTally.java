package io.freshet.replay.report;

import io.freshet.event.Evaluation;

/** Gathers evaluations of one model, each weighing as many positions as it is of. */
final class ModelTally {

    private final WeightedMean loss = new WeightedMean();
    private final WeightedMean hitRate = new WeightedMean();
    private final WeightedMean ndcg = new WeightedMean();
    private final WeightedMean mrr = new WeightedMean();
    private final WeightedMean accuracy = new WeightedMean();
    private final WeightedMean mse = new WeightedMean();
    private long positions;

    void add(Evaluation evaluation) {
        int weight = evaluation.positions();
        positions += weight;
        loss.add(evaluation.loss(), weight);
        hitRate.add(evaluation.hitRate(), weight);
        ndcg.add(evaluation.ndcg(), weight);
        mrr.add(evaluation.mrr(), weight);
        accuracy.add(evaluation.accuracy(), weight);
        mse.add(evaluation.mse(), weight);
    }

    ModelFigures figures() {
        return new ModelFigures(
                positions,
                loss.get(),
                hitRate.get(),
                ndcg.get(),
                mrr.get(),
                accuracy.get(),
                mse.get());
    }
}

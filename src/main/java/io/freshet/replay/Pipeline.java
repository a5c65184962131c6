package io.freshet.replay;

import io.freshet.config.FreshetConfig;
import io.freshet.event.CatalogItem;
import io.freshet.event.Control;
import io.freshet.event.Evaluation;
import io.freshet.event.Interaction;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.PredictedResponse;
import io.freshet.event.Profile;
import io.freshet.event.RecommendationList;
import org.apache.flink.streaming.api.datastream.DataStream;

/** The job between its inputs and what a replay looks at. */
@FunctionalInterface
public interface Pipeline {

    /** Wires the job. */
    Outputs connect(
            FreshetConfig config,
            DataStream<Interaction> interactions,
            DataStream<CatalogItem> items,
            DataStream<Profile> users,
            DataStream<Control> controls);

    /** What a replay looks at. */
    record Outputs(
            DataStream<RecommendationList> probes,
            DataStream<PredictedResponse> responses,
            DataStream<ModelCheckpoint> checkpoints,
            DataStream<Evaluation> evaluations) {}
}

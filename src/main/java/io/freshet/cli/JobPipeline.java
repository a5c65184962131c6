package io.freshet.cli;

import io.freshet.JobTopology;
import io.freshet.config.FreshetConfig;
import io.freshet.event.CatalogItem;
import io.freshet.event.Control;
import io.freshet.event.Interaction;
import io.freshet.replay.Pipeline;
import org.apache.flink.streaming.api.datastream.DataStream;

/** The job itself, for a replay. */
final class JobPipeline implements Pipeline {

    @Override
    public Outputs connect(
            FreshetConfig config,
            DataStream<Interaction> interactions,
            DataStream<CatalogItem> items,
            DataStream<Control> controls) {
        JobTopology.Outputs outputs =
                JobTopology.build(config, new JobTopology.Inputs(interactions, items, controls));
        return new Outputs(outputs.probes(), outputs.checkpoints(), outputs.evaluations());
    }
}

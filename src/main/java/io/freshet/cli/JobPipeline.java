package io.freshet.cli;

import io.freshet.JobTopology;
import io.freshet.config.EncoderConfig;
import io.freshet.config.FreshetConfig;
import io.freshet.event.CatalogItem;
import io.freshet.event.Control;
import io.freshet.event.Interaction;
import io.freshet.event.Profile;
import io.freshet.model.TextEncoderRuntime;
import io.freshet.replay.Pipeline;
import java.util.function.Function;
import org.apache.flink.streaming.api.datastream.DataStream;

/** The job itself, for a replay. */
final class JobPipeline implements Pipeline {

    private final Function<EncoderConfig, TextEncoderRuntime> encoders;

    /**
     * @param encoders gives the text encoder that is configured
     */
    JobPipeline(Function<EncoderConfig, TextEncoderRuntime> encoders) {
        this.encoders = encoders;
    }

    @Override
    public Outputs connect(
            FreshetConfig config,
            DataStream<Interaction> interactions,
            DataStream<CatalogItem> items,
            DataStream<Profile> users,
            DataStream<Control> controls) {
        JobTopology.Outputs outputs =
                JobTopology.build(
                        config,
                        encoders.apply(config.encoder()),
                        new JobTopology.Inputs(interactions, items, users, null, controls));
        return new Outputs(
                outputs.probes(),
                outputs.responses(),
                outputs.checkpoints(),
                outputs.evaluations());
    }
}

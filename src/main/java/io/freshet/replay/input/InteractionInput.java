package io.freshet.replay.input;

import io.freshet.config.IngestConfig;
import io.freshet.event.Interaction;
import io.freshet.replay.stream.OrderedInput;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** The rows of an interactions file, with a watermark before every row that moves time on. */
public final class InteractionInput implements OrderedInput<Interaction> {

    private static final long serialVersionUID = 1L;

    private final String file;
    private final IngestConfig limits;

    public InteractionInput(Path file, IngestConfig limits) {
        this.file = file.toString();
        this.limits = limits;
    }

    @Override
    public InteractionRows open() throws IOException {
        return new InteractionsFile(Path.of(file), limits, Clock.systemUTC()).open();
    }

    @Override
    public long timestamp(Interaction interaction) {
        return interaction.timestamp();
    }

    @Override
    public int watermarkDistance() {
        return 1;
    }

    @Override
    public TypeInformation<Interaction> type() {
        return TypeInformation.of(Interaction.class);
    }
}

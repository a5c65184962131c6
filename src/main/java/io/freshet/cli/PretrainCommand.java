package io.freshet.cli;

import io.freshet.BaseTraining;
import io.freshet.cli.machine.MachinePreflight;
import io.freshet.cli.machine.StoreOption;
import io.freshet.config.FreshetConfig;
import io.freshet.config.HistoryConfig;
import io.freshet.config.StoreConfig;
import io.freshet.event.CatalogItem;
import io.freshet.event.Interaction;
import io.freshet.replay.input.CatalogFile;
import io.freshet.replay.input.InputChecks;
import io.freshet.replay.input.InteractionRows;
import io.freshet.replay.input.InteractionsFile;
import io.freshet.replay.input.UserHistories;
import io.freshet.store.ModelStore;
import io.freshet.store.StoreException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code freshet pretrain}: the base model that a job starts from. */
@Command(
        name = "pretrain",
        description =
                "Makes version 1 of a model store without versions, from history in CSV files.",
        mixinStandardHelpOptions = true)
final class PretrainCommand implements Callable<Integer> {

    private static final long BASE = 1;

    @Mixin private HistoryArguments history = new HistoryArguments();

    @Mixin private StoreOption store = new StoreOption();

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        MachinePreflight.find().check();
        Configuration given = history.jobOptions();
        given.set(StoreConfig.PATH, store.path());
        FreshetConfig config = FreshetConfig.from(given);
        InteractionsFile file = history.file(config);
        Map<String, CatalogItem> items = new CatalogFile(history.items(), config.ingest()).read();
        List<String> warnings =
                new InputChecks(file, file.scan(), items.keySet(), config).warnings();
        UserHistories histories = histories(file, config.history());
        try (ModelStore versions = new ModelStore(config.store());
                Progress progress = new Progress()) {
            warnings.forEach(progress::warned);
            if (versions.newest().isPresent()) {
                throw new StoreException(
                        store + " has versions " + versions.versions() + ", expected none");
            }
            new BaseTraining(progress)
                    .make(config, histories.byUser().values(), histories.chosen(items));
            Objects.requireNonNull(spec)
                    .commandLine()
                    .getOut()
                    .println(
                            "Wrote %s: %s"
                                    .formatted(
                                            versions.path(BASE),
                                            versions.manifest(BASE).metrics()));
        }
        return 0;
    }

    private static UserHistories histories(InteractionsFile file, HistoryConfig config)
            throws IOException {
        UserHistories histories = new UserHistories(config);
        try (InteractionRows rows = file.open()) {
            for (Interaction row = rows.next(); row != null; row = rows.next()) {
                histories.add(row);
            }
        }
        return histories;
    }
}

package io.freshet.cli.models;

import picocli.CommandLine.Command;

/** {@code freshet models}, which has commands of its own. */
@Command(
        name = "models",
        description = "Looks at the versions of a model store, or goes back to one.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ListModels.class,
            ShowModel.class,
            VerifyModels.class,
            DiffModels.class,
            ImportModel.class,
            ExportModel.class,
            RollbackModel.class,
        })
public final class ModelsCommand {}

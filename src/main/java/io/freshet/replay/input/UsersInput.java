package io.freshet.replay.input;

import io.freshet.config.AttributesConfig.Type;
import io.freshet.config.IngestConfig;
import io.freshet.event.Profile;
import io.freshet.replay.input.csv.CsvFormatException;
import io.freshet.replay.input.csv.CsvTable;
import io.freshet.replay.stream.OrderedInput;
import io.freshet.source.decode.BadRecordException;
import io.freshet.source.decode.FieldRules;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.jspecify.annotations.Nullable;

/**
 * Users as CSV with the column {@code user_id} and one for each declared attribute, by the rules of
 * the users topic. All are known before the first interaction.
 */
public final class UsersInput implements OrderedInput<Profile> {

    private static final long serialVersionUID = 1L;
    private static final List<String> COLUMNS = List.of("user_id");
    private static final long BEFORE_ALL = 0;

    private final String file;
    private final IngestConfig limits;

    public UsersInput(Path file, IngestConfig limits) {
        this.file = file.toString();
        this.limits = limits;
    }

    @Override
    public Cursor<Profile> open() throws IOException {
        SortedMap<String, Type> attributes = limits.attributes().users();
        CsvTable table = CsvTable.open(Path.of(file), AttributeColumns.after(COLUMNS, attributes));
        return new Rows(table, attributes, new FieldRules(limits));
    }

    @Override
    public long timestamp(Profile profile) {
        return profile.timestamp();
    }

    @Override
    public int watermarkDistance() {
        return 1;
    }

    @Override
    public TypeInformation<Profile> type() {
        return TypeInformation.of(Profile.class);
    }

    private record Rows(CsvTable table, SortedMap<String, Type> attributes, FieldRules rules)
            implements Cursor<Profile> {

        @Override
        public @Nullable Profile next() throws IOException {
            return table.next() ? row() : null;
        }

        private Profile row() throws CsvFormatException {
            try {
                return new Profile(
                        Profile.Subject.USER,
                        rules.id("user_id", table.get(0)),
                        AttributeColumns.read(table, COLUMNS.size(), attributes, rules),
                        BEFORE_ALL);
            } catch (BadRecordException e) {
                throw table.problem(table.line(), e.reason());
            }
        }

        @Override
        public void close() throws IOException {
            table.close();
        }
    }
}

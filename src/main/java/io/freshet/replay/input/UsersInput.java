package io.freshet.replay.input;

import io.freshet.config.IngestConfig;
import io.freshet.event.Profile;
import io.freshet.replay.stream.OrderedInput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.jspecify.annotations.Nullable;

/** The users of a file, all of whom are known before the first interaction. */
public final class UsersInput implements OrderedInput<Profile> {

    private static final long serialVersionUID = 1L;

    private final String file;
    private final IngestConfig limits;

    public UsersInput(Path file, IngestConfig limits) {
        this.file = file.toString();
        this.limits = limits;
    }

    @Override
    public Cursor<Profile> open() throws IOException {
        return new Users(new UsersFile(Path.of(file), limits).read().iterator());
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

    private record Users(Iterator<Profile> users) implements Cursor<Profile> {

        @Override
        public @Nullable Profile next() {
            return users.hasNext() ? users.next() : null;
        }

        @Override
        public void close() {}
    }
}

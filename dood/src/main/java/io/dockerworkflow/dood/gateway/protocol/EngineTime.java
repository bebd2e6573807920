package io.dockerworkflow.dood.gateway.protocol;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a point in time as the daemon does: seconds since the epoch, a duration before now, or a date. */
public final class EngineTime {
    private static final Pattern SECONDS = Pattern.compile("\\d{1,18}(?:\\.\\d{1,9})?");
    private static final Pattern PART =
            Pattern.compile("(\\d{1,12}(?:\\.\\d{0,9})?|\\.\\d{1,9})(ns|us|µs|μs|ms|s|m|h)");
    private static final Pattern DURATION = Pattern.compile("([+-]?)((?:" + PART + ")+)");

    /** With as much of the time of day as was given, and a zone or none. */
    private static final DateTimeFormatter DATE = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendOptional(new DateTimeFormatterBuilder()
                    .appendPattern("'T'HH[:mm[:ss]]")
                    .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
                    .toFormatter())
            .appendPattern("[XXX]")
            .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
            .toFormatter();

    private EngineTime() {}

    /**
     * Reads it.
     *
     * @param now on the engine, in its zone
     * @throws ApiException if it is none
     */
    public static Instant parse(String text, OffsetDateTime now) {
        Matcher duration = DURATION.matcher(text);
        try {
            if (SECONDS.matcher(text).matches()) {
                BigDecimal seconds = new BigDecimal(text);
                return Instant.ofEpochSecond(seconds.longValue());
            }
            return duration.matches()
                    ? now.toInstant().minus(duration(duration.group(1), duration.group(2)))
                    : date(text, now.getOffset());
        } catch (DateTimeParseException | ArithmeticException e) {
            throw ApiException.badRequest("docker-workflow cannot read the time \"" + text
                    + "\"; write a duration like 24h, a date like 2026-01-31T12:00:00Z, or seconds since the epoch");
        }
    }

    private static Duration duration(String sign, String parts) {
        BigDecimal nanos = BigDecimal.ZERO;
        Matcher part = PART.matcher(parts);
        while (part.find()) {
            nanos = nanos.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(nanos(part.group(2)))));
        }
        Duration duration = Duration.ofNanos(nanos.toBigInteger().longValueExact());
        return sign.equals("-") ? duration.negated() : duration;
    }

    private static long nanos(String unit) {
        return switch (unit) {
            case "ns" -> 1L;
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            default -> 1_000L;
        };
    }

    private static Instant date(String text, ZoneOffset zone) {
        TemporalAccessor date = DATE.parse(text);
        LocalDateTime local = LocalDateTime.from(date);
        return local.toInstant(date.isSupported(ChronoField.OFFSET_SECONDS) ? ZoneOffset.from(date) : zone);
    }
}

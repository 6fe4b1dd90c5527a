// Version 3: DPoP-bound tokens, a new proof for each call.

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpRequest;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import v3.ApiClient;
import v3.api.FullAccessApi;
import v3.api.RestrictedAccessApi;
import v3.model.EventDocument;
import v3.model.EventType;
import v3.model.InformationPart;
import v3.model.Person;
import v3.model.PersonStatusType;

final class V3 {
    private static final List<InformationPart> ALL = List.of(InformationPart.values());
    /** The generator's own code fails on a list in a form that is left out. */
    private static final List<PersonStatusType> NONE = List.of();

    private final String api;
    private final Clients.Sandbox sandbox;

    V3(String api, Clients.Sandbox sandbox) {
        this.api = api;
        this.sandbox = sandbox;
    }

    void call() throws Exception {
        full(new FullAccessApi(client("full-access")));
        restricted(new RestrictedAccessApi(client("restricted-access")));
    }

    private ApiClient client(String scope) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair key = generator.generateKeyPair();
        String token = sandbox.token(scope, key);
        ApiClient client = new ApiClient();
        client.updateBaseUri(api);
        client.setObjectMapper(
            Clients.strict(ApiClient.createDefaultObjectMapper(), Person.class));
        client.setRequestInterceptor(request -> prove(request, token, key));
        return client;
    }

    /** The two headers of a call. */
    private void prove(HttpRequest.Builder request, String token, KeyPair key) {
        HttpRequest made = request.copy().build();
        String url = api + made.uri().getRawPath();
        try {
            request.setHeader("Authorization", "DPoP " + token);
            request.setHeader("DPoP", Lookup.proof(
                key, made.method(), url, ",\"ath\":\"" + Lookup.hash(token) + "\""));
        } catch (Exception cannotSign) {
            throw new IllegalStateException(cannotSign);
        }
    }

    private void full(FullAccessApi api) throws Exception {
        ObjectMapper json = ApiClient.createDefaultObjectMapper();
        Clients.seeEveryField(Person.class, sandbox, json, number ->
            api.fullAccessGetPersonByNin(FullAccessApi.APIFullAccessGetPersonByNinRequest
                .newBuilder().informationParts(ALL).nin(number).includeHistory(true)
                .build()));

        List<String> numbers = sandbox.numbers();
        List<Person> many = api.fullAccessGetPersonsByNin(FullAccessApi
            .APIFullAccessGetPersonsByNinRequest.newBuilder()
            .informationParts(ALL).nins(numbers.subList(0, 40)).includeHistory(true).build());
        Clients.must(many.size() > 30, "of 40 numbers only " + many.size() + " are somebody's");

        Person plain = many.get(many.size() - 1);
        String family = plain.getName().get(0).getFamilyName();
        String born = plain.getBirth().get(0).getBirthDate().toString().substring(0, 10);
        List<Person> found = api.fullAccessSearchPersons(FullAccessApi
            .APIFullAccessSearchPersonsRequest.newBuilder()
            .informationParts(ALL).familyName(family).birthDate(born).build()).getResults();
        Clients.must(holds(found, plain), "the search does not find who is there");
        Person again = api.fullAccessGetPerson(FullAccessApi.APIFullAccessGetPersonRequest
            .newBuilder().id(plain.getId()).informationParts(ALL).includeHistory(true).build());
        Clients.must(again.equals(plain), "by id it is somebody else");

        var page = api.fullAccessGetPagedMatchList(FullAccessApi
            .APIFullAccessGetPagedMatchListRequest.newBuilder()
            .personStatuses(NONE).pageSize(100).build());
        Clients.must(page.getResults().size() == 100, "a page is not full");
        var count = api.fullAccessGetMatchCount(FullAccessApi.APIFullAccessGetMatchCountRequest
            .newBuilder().personStatuses(NONE).familyName(family).build());
        Clients.must(count.getMatchCount() > 0, "nobody is counted");

        var latest = api.fullAccessGetLatestEvent(
            FullAccessApi.APIFullAccessGetLatestEventRequest.newBuilder().build());
        List<EventDocument> events = api.fullAccessGetEvents(FullAccessApi
            .APIFullAccessGetEventsRequest.newBuilder().sequenceNumber(1L)
            .eventTypes(List.of(EventType.PERSON_POPULATED, EventType.CHANGE_IN_NAME))
            .maxLimit(50).includeEventTime(true).build()).getResults();
        Clients.must(events.size() == 50, events.size() + " events");
        Clients.must(number(latest) >= number(events.get(49)), "the newest event is no such thing");
        List<String> ids = events.stream().map(EventDocument::getPersonId).toList();
        List<Person> changed = api.fullAccessGetPersons(FullAccessApi
            .APIFullAccessGetPersonsRequest.newBuilder()
            .informationParts(ALL).personIds(ids).build());
        Clients.must(changed.size() == 50, changed.size() + " persons");
        Clients.say("v3 full-access: lookups with every part, searches, and events up to "
            + number(latest));
    }

    private void restricted(RestrictedAccessApi api) throws Exception {
        List<String> numbers = sandbox.numbers();
        Person person = null;
        for (String number : numbers) {
            person = api.restrictedAccessGetPersonByNin(RestrictedAccessApi
                .APIRestrictedAccessGetPersonByNinRequest.newBuilder()
                .informationParts(ALL).nin(number).includeHistory(true).build());
            Clients.must(person.getFamilyRelation() == null, "it is given what is withheld");
        }
        var page = api.restrictedAccessSearchPersons(RestrictedAccessApi
            .APIRestrictedAccessSearchPersonsRequest.newBuilder().informationParts(ALL)
            .familyName(person.getName().get(0).getFamilyName())
            .birthDate(person.getBirth().get(0).getBirthDate().toString().substring(0, 10))
            .build());
        Clients.must(holds(page.getResults(), person), "the search does not find who is there");
        var events = api.restrictedAccessGetEvents(RestrictedAccessApi
            .APIRestrictedAccessGetEventsRequest.newBuilder().sequenceNumber(1L).build());
        Clients.must(events.getResults().size() == 1000, "a page of the feed is not full");
        Clients.say("v3 restricted-access: " + numbers.size() + " lookups, a search, events");
    }

    private static boolean holds(List<Person> found, Person person) {
        return found.stream().anyMatch(one -> one.getId().equals(person.getId()));
    }

    private static long number(EventDocument event) {
        return Long.parseLong(event.getSequenceNumber());
    }
}

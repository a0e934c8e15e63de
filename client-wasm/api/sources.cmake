set(CRM_API_SOURCES
    api/api_client.cpp)

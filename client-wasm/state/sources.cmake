set(CRM_STATE_SOURCES
    state/route.cpp
    state/select.cpp
    state/update.cpp
    state/update_form.cpp
    state/update_list.cpp
    state/update_navigation.cpp
    state/update_sync.cpp)
